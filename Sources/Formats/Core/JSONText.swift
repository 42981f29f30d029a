extension JSON {
  /// The value as text on one line.
  package var line: String {
    switch self {
    case .null: "null"
    case .bool(let flag): flag ? "true" : "false"
    case .number(let number): JSON.text(number)
    case .string(let text): JSON.quoted(text)
    case .array(let items): "[" + items.map(\.line).joined(separator: ", ") + "]"
    case .object(let members):
      "{" + members.map { JSON.quoted($0.name) + ": " + $0.value.line }.joined(separator: ", ")
        + "}"
    }
  }

  /// The value as text for people to read: a member a line; lists of plain values on one.
  ///
  /// - Parameter depth: how far the lines after the first are moved in, in steps of two.
  package func text(depth: Int = 0) -> String {
    let inner = String(repeating: "  ", count: depth + 1)
    let outer = String(repeating: "  ", count: depth)
    switch self {
    case .object(let members) where !members.isEmpty:
      let lines = members.map {
        inner + JSON.quoted($0.name) + ": " + $0.value.text(depth: depth + 1)
      }
      return "{\n" + lines.joined(separator: ",\n") + "\n" + outer + "}"
    case .array(let items) where items.contains(where: \.isNested):
      let lines = items.map { inner + $0.text(depth: depth + 1) }
      return "[\n" + lines.joined(separator: ",\n") + "\n" + outer + "]"
    default: return line
    }
  }

  private var isNested: Bool {
    switch self {
    case .array, .object: true
    default: false
    }
  }

  /// The shortest text that reads back as the same number; JSON has no infinity and no NaN.
  private static func text(_ number: Double) -> String {
    guard number.isFinite else { return "null" }
    if let whole = Int(exactly: number), abs(number) < 0x1p53 { return "\(whole)" }
    return "\(number)"
  }
}
