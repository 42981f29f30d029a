/// Reads JSON text (RFC 8259) of any size, nested at most `depthLimit` deep.
struct JSONParser {
  /// What is wrong with a text, and the byte where.
  struct Fault: Error {
    let text: String
    let position: Int
  }

  static let depthLimit = 200

  private let bytes: [UInt8]
  private var position = 0

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// - Throws: `Fault`.
  static func parse(_ bytes: [UInt8]) throws(Fault) -> JSON {
    var parser = JSONParser(bytes)
    // A byte order mark is not JSON, but some programs write one.
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { parser.position = 3 }
    let value = try parser.value(depth: 0)
    parser.skipSpace()
    guard parser.position == bytes.count else { throw parser.fault("more text after the end") }
    return value
  }

  private func fault(_ text: String) -> Fault { Fault(text: text, position: position) }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = next, byte == 32 || byte == 10 || byte == 13 || byte == 9 { position += 1 }
  }

  private mutating func value(depth: Int) throws(Fault) -> JSON {
    guard depth < JSONParser.depthLimit else { throw fault("nested too deep") }
    skipSpace()
    switch next {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case nil: throw fault("the text ends too early")
    default: return try number()
    }
  }

  private mutating func word(_ text: String, _ value: JSON) throws(Fault) -> JSON {
    guard bytes[position...].starts(with: text.utf8) else { throw fault("a value was expected") }
    position += text.utf8.count
    return value
  }

  private mutating func number() throws(Fault) -> JSON {
    let start = position
    while let byte = next, JSONParser.isInNumber(byte) { position += 1 }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    guard let value = Double(text) else {
      position = start
      throw fault("a value was expected")
    }
    return .number(value)
  }

  private static func isInNumber(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"),
      UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
      true
    default: false
    }
  }

  private mutating func array(depth: Int) throws(Fault) -> JSON {
    position += 1
    var values: [JSON] = []
    skipSpace()
    if next == UInt8(ascii: "]") {
      position += 1
      return .array(values)
    }
    while true {
      values.append(try value(depth: depth + 1))
      if try !separator(closing: "]") { return .array(values) }
    }
  }

  private mutating func object(depth: Int) throws(Fault) -> JSON {
    position += 1
    var members: [JSON.Member] = []
    skipSpace()
    if next == UInt8(ascii: "}") {
      position += 1
      return .object(members)
    }
    while true {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw fault("a name in quotes was expected") }
      let name = try string()
      skipSpace()
      guard next == UInt8(ascii: ":") else { throw fault("`:` was expected") }
      position += 1
      members.append(JSON.Member(name: name, value: try value(depth: depth + 1)))
      if try !separator(closing: "}") { return .object(members) }
    }
  }

  /// Takes a comma or the closing bracket; false for the latter.
  private mutating func separator(closing: Unicode.Scalar) throws(Fault) -> Bool {
    skipSpace()
    switch next {
    case UInt8(ascii: ","):
      position += 1
      return true
    case UInt8(ascii: closing):
      position += 1
      return false
    default:
      throw fault(next == nil ? "the text ends too early" : "`,` or `\(closing)` was expected")
    }
  }

  private mutating func string() throws(Fault) -> String {
    position += 1
    var units: [UInt8] = []
    while let byte = next {
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: units, as: UTF8.self)
      case UInt8(ascii: "\\"): units += try escape()
      case 0..<32: throw fault("a control character in a string")
      default: units.append(byte)
      }
    }
    throw fault("a string does not end")
  }

  private mutating func escape() throws(Fault) -> [UInt8] {
    guard let byte = next else { throw fault("a string does not end") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "n"): return [10]
    case UInt8(ascii: "r"): return [13]
    case UInt8(ascii: "t"): return [9]
    case UInt8(ascii: "b"): return [8]
    case UInt8(ascii: "f"): return [12]
    case UInt8(ascii: "u"):
      var codes = [try hexadecimal()]
      // Characters beyond 16 bits come as two escapes.
      if (0xd800...0xdbff).contains(codes[0]), bytes[position...].starts(with: "\\u".utf8) {
        position += 2
        codes.append(try hexadecimal())
      }
      return Array(String(decoding: codes, as: UTF16.self).utf8)
    default: throw fault("an unknown escape in a string")
    }
  }

  private mutating func hexadecimal() throws(Fault) -> UInt16 {
    guard position + 4 <= bytes.count,
      let code = UInt16(
        String(decoding: bytes[position..<(position + 4)], as: UTF8.self), radix: 16)
    else { throw fault("four hexadecimal digits were expected") }
    position += 4
    return code
  }
}
