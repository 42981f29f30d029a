import Lang

/// A number of bytes: `2e9` or `"2GB"`.
struct MemorySize: Bindable {
  static let typeName = "a number of bytes or a text such as \"2GB\""
  let bytes: Int

  static func bind(_ value: Value) -> MemorySize? {
    if let number = value.asNumber {
      return number >= 1 && number < 1e18 ? MemorySize(bytes: Int(number)) : nil
    }
    guard let text = value.asString?.uppercased() else { return nil }
    let units: [(String, Double)] = [("KB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12), ("B", 1)]
    for (unit, factor) in units where text.hasSuffix(unit) {
      let digits = text.dropLast(unit.count).filter { $0 != " " }
      guard let number = Double(String(digits)), number > 0, number * factor < 1e18 else {
        return nil
      }
      return MemorySize(bytes: Int(number * factor))
    }
    return nil
  }

  var value: Value { .int(bytes) }
}
