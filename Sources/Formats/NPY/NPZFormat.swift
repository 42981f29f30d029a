import TensorEngine

/// Archives of NumPy arrays; `key=` names one of them.
public struct NPZFormat: Format {
  public let name = "npz"
  public let summary = "archive of NumPy arrays (read only; key= names one)"
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
}
