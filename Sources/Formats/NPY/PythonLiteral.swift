/// Reads the Python literals that stand in the headers of NumPy files: a dictionary of strings,
/// truth values and tuples of whole numbers.
struct PythonLiteral {
  indirect enum Value {
    case string(String)
    case bool(Bool)
    case number(Int)
    /// A tuple or a list.
    case tuple([Value])
  }

  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// A dictionary with keys that are strings; nil where the text is none.
  mutating func dictionary() -> [String: Value]? {
    guard take("{") else { return nil }
    var entries: [String: Value] = [:]
    while !take("}") {
      guard case .string(let key)? = value(depth: 0), take(":"), let value = value(depth: 0) else {
        return nil
      }
      entries[key] = value
      if !take(",") {
        guard take("}") else { return nil }
        break
      }
    }
    return entries
  }

  private mutating func value(depth: Int) -> Value? {
    skipSpace()
    guard depth < 8, position < bytes.count else { return nil }
    switch bytes[position] {
    case UInt8(ascii: "'"), UInt8(ascii: "\""): return string()
    case UInt8(ascii: "("): return tuple(closing: ")", depth: depth)
    case UInt8(ascii: "["): return tuple(closing: "]", depth: depth)
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): return number()
    default:
      if takeWord("True") { return .bool(true) }
      return takeWord("False") ? .bool(false) : nil
    }
  }

  private mutating func string() -> Value? {
    let quote = bytes[position]
    guard let end = bytes[(position + 1)...].firstIndex(of: quote) else { return nil }
    defer { position = end + 1 }
    return .string(String(decoding: bytes[(position + 1)..<end], as: UTF8.self))
  }

  private mutating func tuple(closing: Unicode.Scalar, depth: Int) -> Value? {
    position += 1
    var values: [Value] = []
    while !take(closing) {
      guard let value = value(depth: depth + 1) else { return nil }
      values.append(value)
      if !take(",") {
        guard take(closing) else { return nil }
        break
      }
    }
    return .tuple(values)
  }

  private mutating func number() -> Value? {
    let digits = bytes[position...].prefix { $0 == UInt8(ascii: "-") || (48...57).contains($0) }
    position += digits.count
    // Python 2 wrote long numbers with an L behind.
    if position < bytes.count, bytes[position] == UInt8(ascii: "L") { position += 1 }
    return Int(String(decoding: digits, as: UTF8.self)).map { .number($0) }
  }

  private mutating func take(_ letter: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < bytes.count, bytes[position] == UInt8(ascii: letter) else { return false }
    position += 1
    return true
  }

  private mutating func takeWord(_ word: String) -> Bool {
    guard bytes[position...].starts(with: word.utf8) else { return false }
    position += word.utf8.count
    return true
  }

  private mutating func skipSpace() {
    while position < bytes.count, [9, 10, 13, 32].contains(bytes[position]) { position += 1 }
  }
}
