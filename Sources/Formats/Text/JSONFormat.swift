import TensorEngine

/// JSON: tracks of landmarks, arrays of numbers, and lists of records.
public struct JSONFormat: Format {
  public let name = "json"
  public let summary = "JSON: landmark tracks, arrays, records"
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

  /// Writes a table as a list of records, a track of landmarks as frames of points, and any other
  /// image as lists of lists; what is no number becomes null.
  public func write(
    _ content: Content, to file: OutputFile, _ options: SaveOptions
  ) throws -> SaveReport {
    switch content {
    case .checkpoint: throw mismatch(content, file)
    case .table(let table):
      try list(0..<table.rowCount, to: file) { row in
        let members = zip(table.names, table.columns).map { name, column in
          switch column {
          case .numbers(let values): "\(JSON.quoted(name)): \(JSONFormat.text(values[row]))"
          case .text(let values): "\(JSON.quoted(name)): \(JSON.quoted(values[row]))"
          }
        }
        return "{\(members.joined(separator: ", "))}"
      }
      return SaveReport()
    case .image(let image):
      if let frames = LandmarkTrack.frames(of: image) {
        try list(frames.indices, to: file) { frames[$0] }
      } else if let count = image.shape.first {
        let size = image.tensor.count / max(1, count)
        try list(0..<count, to: file) { index in
          JSONFormat.nested(
            image.tensor.values[index * size..<(index + 1) * size], image.shape.dropFirst())
        }
      } else {
        try file.write(Array("\(JSONFormat.text(Double(image.tensor.values[0])))\n".utf8))
      }
      return SaveReport(stored: .float32)
    }
  }

  /// Writes a list, an element a line.
  private func list(
    _ range: Range<Int>, to file: OutputFile, _ element: (Int) -> String
  ) throws {
    try file.write(Array("[".utf8))
    for index in range {
      try Interrupt.check()
      try file.write(Array(((index == range.lowerBound ? "\n" : ",\n") + element(index)).utf8))
    }
    try file.write(Array("\n]\n".utf8))
  }

  private static func nested(_ values: ArraySlice<Float>, _ shape: ArraySlice<Int>) -> String {
    guard let count = shape.first else { return values.first.map { text($0) } ?? "null" }
    let size = values.count / max(1, count)
    let parts = (0..<count).map { index in
      let start = values.startIndex + index * size
      return nested(values[start..<start + size], shape.dropFirst())
    }
    return "[\(parts.joined(separator: ", "))]"
  }

  /// The shortest text that reads back as the same number.
  static func text<Number: BinaryFloatingPoint & LosslessStringConvertible>(
    _ value: Number
  ) -> String {
    guard value.isFinite else { return "null" }
    let text = String(value)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
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
