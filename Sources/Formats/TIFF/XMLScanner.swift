/// The elements of an XML text with their attributes, in the order in which they open. Enough for
/// metadata; the text between elements is passed over.
struct XMLScanner {
  struct Element {
    /// Without a prefix.
    let name: String
    private let attributes: [String: String]

    init(name: String, attributes: [String: String]) {
      self.name = name
      self.attributes = attributes
    }

    subscript(attribute: String) -> String? { attributes[attribute] }
  }

  private(set) var elements: [Element] = []

  init(_ text: String) {
    let bytes = Array(text.utf8)
    var position = 0
    while let open = bytes[position...].firstIndex(of: UInt8(ascii: "<")) {
      if bytes[open...].starts(with: "<!--".utf8) {
        position = XMLScanner.end(of: "-->", in: bytes, from: open)
        continue
      }
      var scanner = XMLTag(bytes, at: open + 1)
      if let element = scanner.element() { elements.append(element) }
      position = scanner.position
    }
  }

  private static func end(of mark: String, in bytes: [UInt8], from start: Int) -> Int {
    let mark = Array(mark.utf8)
    var position = start
    while position + mark.count <= bytes.count {
      if bytes[position..<(position + mark.count)].elementsEqual(mark) {
        return position + mark.count
      }
      position += 1
    }
    return bytes.count
  }
}

/// Reads what stands between `<` and `>`.
private struct XMLTag {
  private let bytes: [UInt8]
  private(set) var position: Int

  init(_ bytes: [UInt8], at position: Int) {
    self.bytes = bytes
    self.position = position
  }

  /// Nil for closing tags and declarations.
  mutating func element() -> XMLScanner.Element? {
    let name = word()
    var attributes: [String: String] = [:]
    while position < bytes.count, bytes[position] != UInt8(ascii: ">") {
      let before = position
      let key = word()
      skipSpace()
      if position < bytes.count, bytes[position] == UInt8(ascii: "=") {
        position += 1
        attributes[local(key)] = value()
      }
      if position == before { position += 1 }
    }
    if position < bytes.count { position += 1 }
    return name.isEmpty ? nil : XMLScanner.Element(name: local(name), attributes: attributes)
  }

  private func local(_ name: String) -> String {
    name.lastIndex(of: ":").map { String(name[name.index(after: $0)...]) } ?? name
  }

  private mutating func skipSpace() {
    while position < bytes.count, bytes[position] <= 32 { position += 1 }
  }

  private mutating func word() -> String {
    skipSpace()
    let start = position
    while position < bytes.count, bytes[position] > 32, !"=>/\"'?!<".utf8.contains(bytes[position])
    {
      position += 1
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func value() -> String {
    skipSpace()
    guard position < bytes.count, "\"'".utf8.contains(bytes[position]) else { return "" }
    let quote = bytes[position]
    let start = position + 1
    let end = bytes[start...].firstIndex(of: quote) ?? bytes.count
    position = min(bytes.count, end + 1)
    return XMLTag.unescaped(String(decoding: bytes[start..<end], as: UTF8.self))
  }

  private static func unescaped(_ text: String) -> String {
    guard text.contains("&") else { return text }
    let names = ["&lt;": "<", "&gt;": ">", "&quot;": "\"", "&apos;": "'", "&#181;": "\u{b5}"]
    var result = ""
    var rest = Substring(text)
    while let mark = rest.firstIndex(of: "&") {
      result += rest[..<mark]
      rest = rest[mark...]
      if let known = names.first(where: { rest.hasPrefix($0.key) }) {
        result += known.value
        rest = rest.dropFirst(known.key.count)
      } else {
        result += "&"
        rest = rest.dropFirst(rest.hasPrefix("&amp;") ? 5 : 1)
      }
    }
    return result + rest
  }
}
