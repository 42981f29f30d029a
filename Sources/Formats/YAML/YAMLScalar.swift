/// What a text without quotes means (the core schema of YAML 1.2).
enum YAMLScalar {
  static func value(_ text: String) -> JSON {
    switch text {
    case "", "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE": return .bool(true)
    case "false", "False", "FALSE": return .bool(false)
    case ".inf", ".Inf", "+.inf": return .number(.infinity)
    case "-.inf", "-.Inf": return .number(-.infinity)
    case ".nan", ".NaN": return .number(.nan)
    default: return number(text).map(JSON.number) ?? .string(text)
    }
  }

  private static func number(_ text: String) -> Double? {
    if text.hasPrefix("0x") { return UInt64(text.dropFirst(2), radix: 16).map(Double.init) }
    if text.hasPrefix("0o") { return UInt64(text.dropFirst(2), radix: 8).map(Double.init) }
    // Swift reads words such as `nan` and hexadecimal fractions as numbers too.
    guard text.contains(where: \.isNumber), text.allSatisfy({ "0123456789+-.eE".contains($0) })
    else { return nil }
    return Double(text)
  }
}
