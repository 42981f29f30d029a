import TensorEngine

/// Archives of NumPy arrays; `key=` names one of them.
public struct NPZFormat: Format {
  public let name = "npz"
  public let summary = "archive of NumPy arrays (key= names one)"
  public let endings = ["npz"]

  public init() {}

  /// By an archive whose first member is a `.npy` file.
  public func recognises(_ head: FileHead) -> Bool {
    guard head.starts(with: [0x50, 0x4b, 3, 4]), head.bytes.count >= 30 else { return false }
    let length = Int(little: head.bytes[26..<28])
    return String(decoding: head.bytes.dropFirst(30).prefix(length), as: UTF8.self).hasSuffix(
      ".npy")
  }

  public func open(_ source: ByteSource, _ options: LoadOptions) throws -> Opened {
    let archive = try ZipArchive(source)
    let arrays = archive.members.filter { $0.name.hasSuffix(".npy") }
    let names = arrays.map { String($0.name.dropLast(4)) }
    let key = options.key ?? (names.count == 1 ? names[0] : names.first { $0 == "data" })
    let list = names.prefix(8).map { "key=\"\($0)\"" }.joined(separator: ", ")
    guard let key else {
      throw FormatError(
        .badRequest, "\"\(source.path)\" has \(names.count) arrays: say which", hint: "use \(list)")
    }
    guard let index = names.firstIndex(of: key) else {
      throw FormatError(
        .badRequest, "\"\(source.path)\" has no array \"\(key)\"", hint: "use \(list)")
    }
    let content = try archive.content(arrays[index], limit: options.limit)
    return .image(try NPYReader(ByteSource(path: source.path, content: content), options))
  }
  /// Writes an archive of one array, named by the key, `data` where none is given; packed where
  /// `compress=deflate` says so.
  public func write(
    _ content: Content, to file: OutputFile, _ options: SaveOptions
  ) throws -> SaveReport {
    let image = try image(of: content, for: file)
    let key = options.key ?? "data"
    guard !key.isEmpty, key.utf8.count < 1000, !key.contains("/") else {
      throw FormatError(.badRequest, "an array cannot be named \"\(key)\": \"\(file.path)\"")
    }
    let isPacked: Bool
    switch options.compression ?? .none {
    case .none: isPacked = false
    case .deflate: isPacked = true
    case .lzw, .zstd, .blosc:
      throw FormatError(
        .badRequest, "an NPZ file is packed with deflate only: \"\(file.path)\"",
        hint: "use compress=deflate")
    }
    let type = try NumberType(real: options.dtype ?? image.stored, file.path)
    var report = SaveReport(stored: type.stored)
    let member = try ZipMember(name: "\(key).npy", isPacked: isPacked, in: file)
    try member.write(NPYHeader(type: type, shape: image.shape).bytes)
    for piece in ArrayWriter.pieces(of: image.tensor.values[...]) {
      try Interrupt.check()
      try member.write(NumberCodec(type).encode(piece, losses: &report.losses))
    }
    try member.finish()
    return report
  }
}
