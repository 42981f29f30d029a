/// Named values in the order in which they were given: `{p: 0.3, name: "a"}`.
public struct Record: ExpressibleByDictionaryLiteral {
  public private(set) var fields: [(name: String, value: Value)] = []
  /// Positions of the names; kept only for records that are too long to search.
  private var positions: [String: Int]?
  private static let searchable = 12

  public init() {}

  /// A record of the pairs; where a name comes twice, the later value stays.
  public init(_ pairs: some Sequence<(String, Value)>) {
    for (name, value) in pairs { self[name] = value }
  }

  public init(dictionaryLiteral elements: (String, Value)...) { self.init(elements) }

  public var names: [String] { fields.map(\.name) }
  public var values: [Value] { fields.map(\.value) }
  public var count: Int { fields.count }
  public var isEmpty: Bool { fields.isEmpty }

  /// The value of a name. Setting nil takes the field away; a new name comes last.
  public subscript(name: String) -> Value? {
    get { position(of: name).map { fields[$0].value } }
    set {
      guard let newValue else { return remove(name) }
      if let position = position(of: name) {
        fields[position].value = newValue
        return
      }
      fields.append((name, newValue))
      if positions != nil {
        positions?[name] = fields.count - 1
      } else if fields.count > Record.searchable {
        positions = Dictionary(
          fields.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
      }
    }
  }

  /// Changes the value of a field in place, without a copy of what it holds.
  ///
  /// - Returns: nil where there is no such field.
  mutating func modify<R>(_ name: String, _ body: (inout Value) throws -> R) rethrows -> R? {
    guard let position = position(of: name) else { return nil }
    return try body(&fields[position].value)
  }

  /// This record with the fields of another laid over it.
  public func merging(_ other: Record) -> Record {
    var result = self
    for (name, value) in other.fields { result[name] = value }
    return result
  }

  private func position(of name: String) -> Int? {
    if let positions { return positions[name] }
    return fields.firstIndex { $0.name == name }
  }

  private mutating func remove(_ name: String) {
    guard let position = position(of: name) else { return }
    fields.remove(at: position)
    positions = nil
    if fields.count > Record.searchable {
      positions = Dictionary(
        fields.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    }
  }
}
