/// Whether a text is well-formed XML of the simple kind that SVG files are.
enum XMLCheck {
  struct Flaw: Error, CustomStringConvertible {
    let description: String
  }

  /// - Returns: how often each element occurs.
  /// - Throws: `Flaw` where tags do not nest, an attribute is not quoted or occurs twice, an
  ///   identifier is made twice or used without being made.
  static func elements(of bytes: [UInt8]) throws -> [String: Int] {
    let text = Array(bytes)
    var counts: [String: Int] = [:]
    var open: [String] = []
    var made: Set<String> = []
    var used: Set<String> = []
    var position = 0
    while let start = text[position...].firstIndex(of: UInt8(ascii: "<")) {
      guard let end = text[start...].firstIndex(of: UInt8(ascii: ">")) else {
        throw Flaw(description: "a tag does not end")
      }
      let tag = String(decoding: text[start + 1..<end], as: UTF8.self)
      position = end + 1
      if tag.hasPrefix("?") { continue }
      if tag.hasPrefix("/") {
        guard open.popLast() == String(tag.dropFirst()) else {
          throw Flaw(description: "<\(tag)> closes nothing")
        }
        continue
      }
      let empty = tag.hasSuffix("/")
      let (name, attributes) = try parts(of: empty ? String(tag.dropLast()) : tag)
      counts[name, default: 0] += 1
      if !empty { open.append(name) }
      if let id = attributes["id"], !made.insert(id).inserted {
        throw Flaw(description: "the identifier \(id) is made twice")
      }
      if let link = attributes["xlink:href"], link.hasPrefix("#") {
        used.insert(String(link.dropFirst()))
      }
    }
    guard open.isEmpty else { throw Flaw(description: "left open: \(open)") }
    guard used.isSubset(of: made) else {
      throw Flaw(description: "not made: \(used.subtracting(made).sorted())")
    }
    return counts
  }

  private static func parts(of tag: String) throws -> (String, [String: String]) {
    var rest = Substring(tag)
    let name = rest.prefix { !$0.isWhitespace }
    rest = rest.dropFirst(name.count)
    var attributes: [String: String] = [:]
    while true {
      rest = rest.drop { $0.isWhitespace }
      if rest.isEmpty { return (String(name), attributes) }
      let key = rest.prefix { $0 != "=" }
      rest = rest.dropFirst(key.count + 1)
      guard rest.first == "\"", let end = rest.dropFirst().firstIndex(of: "\"") else {
        throw Flaw(description: "\(name) has an attribute without quotes: \(key)")
      }
      let value = rest[rest.index(after: rest.startIndex)..<end]
      guard attributes.updateValue(String(value), forKey: String(key)) == nil else {
        throw Flaw(description: "\(name) has \(key) twice")
      }
      rest = rest[rest.index(after: end)...]
    }
  }
}
