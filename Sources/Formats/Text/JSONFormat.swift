import TensorEngine

/// JSON: tracks of landmarks, arrays of numbers, and lists of records.
public struct JSONFormat: Format {
  public let name = "json"
  public let summary = "JSON: landmark tracks, arrays, records (read only)"
  public let endings = ["json"]

  public init() {}

  /// By text that begins as an object or a list.
  public func recognises(_ head: FileHead) -> Bool {
    guard head.isText else { return false }
    let start = head.bytes.drop { $0 <= 32 || [0xef, 0xbb, 0xbf].contains($0) }.first
    return start == UInt8(ascii: "[") || start == UInt8(ascii: "{")
  }

  public func open(_ source: ByteSource, _ options: LoadOptions) throws -> Opened {
    let json: JSON
    let bytes = try source.all(limit: options.limit)
    do throws(JSONParser.Fault) {
      json = try JSONParser.parse(bytes)
    } catch {
      let line = bytes.prefix(error.position).count { $0 == 10 } + 1
      throw FormatError.damaged(
        source.path, "line \(line) is no JSON: \(error.text)", hint: "mend the text there")
    }
    let content = try JSONFormat.data(json, key: options.key, path: source.path)
    let track = LandmarkTrack(content)
    if options.kind != .table, let track { return .image(try track.reader(source, options)) }
    if options.kind != .image, let table = JSONFormat.table(content) {
      return .table(table, notes: [])
    }
    guard let array = NestedNumbers(content) else {
      throw FormatError.unsupported(
        source.path, "JSON that is neither an array of numbers nor a list of records",
        hint: "key= picks a member of its object")
    }
    return .image(try array.reader(source, options))
  }

  /// The member that holds the data: the key's, or the only list of an object.
  private static func data(_ json: JSON, key: String?, path: String) throws -> JSON {
    guard case .object(let members) = json else { return json }
    let lists = members.filter { $0.value.array != nil }
    if let key {
      if let value = json[key] { return value }
    } else if lists.count <= 1 {
      return lists.first?.value ?? json
    }
    let names = lists.prefix(6).map { "key=\"\($0.name)\"" }.joined(separator: ", ")
    throw FormatError(
      .badRequest,
      "\"\(path)\" has \(key.map { "no member \"\($0)\"" } ?? "several lists: say which")",
      hint: names.isEmpty ? nil : "use \(names)")
  }

  /// A list of records with plain members as a table; nil for anything else.
  private static func table(_ json: JSON) -> DataTable? {
    guard let records = json.array, case .object(let first)? = records.first else { return nil }
    let names = first.map(\.name)
    let columns = names.map { name -> DataTable.Column in
      let values = records.map { $0[name] ?? .null }
      let isNumbers = values.allSatisfy { $0.number != nil || $0 == .null }
      return isNumbers
        ? .numbers(values.map { $0.number ?? .nan }) : .text(values.map { $0.string ?? "\($0)" })
    }
    return try? DataTable(names: names, columns: columns)
  }
}
