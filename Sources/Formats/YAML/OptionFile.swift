extension Formats {
  /// The longest file of options.
  private static let longest = MemoryLimit(bytes: 1 << 24)

  /// A file of options in YAML (see `YAMLParser`), and in JSON, which is a part of it.
  ///
  /// - Throws: `FormatError` that names the line where it is wrong.
  package static func readOptions(_ path: String) throws -> JSON {
    let bytes = try ByteSource(path: path).all(limit: longest)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw FormatError.damaged(path, "it is no text in UTF-8", hint: "is it a file of options?")
    }
    do {
      return try YAMLParser.parse(text)
    } catch {
      throw FormatError(
        .damaged, "\"\(path)\", line \(error.line): \(error.text)", hint: error.hint)
    }
  }

  /// Writes a text.
  ///
  /// - Throws: `FormatError` where something stands there already and may not be replaced, or the
  ///   system refuses; then nothing is left of the file.
  package static func saveText(_ text: String, _ path: String, overwrite: Bool) throws {
    try saveBytes(Array(text.utf8), path, overwrite: overwrite)
  }

  /// Writes bytes, as `saveText` writes text.
  package static func saveBytes(_ bytes: [UInt8], _ path: String, overwrite: Bool) throws {
    let file = try OutputFile(path: path, overwrite: overwrite)
    try file.write(bytes)
    try file.commit()
  }
}
