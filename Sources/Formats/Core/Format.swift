import TensorEngine

/// A file format: how it is recognised, opened and written. One type in one file; adding one
/// touches that file and the list in `Formats`.
public protocol Format: Sendable {
  /// Its short name, such as `"mrc"`.
  var name: String { get }
  /// One line of what it is.
  var summary: String { get }
  /// Endings in lower case, the usual one first.
  var endings: [String] { get }

  /// Whether it writes by a library that wants a true name for its file.
  var wantsName: Bool { get }

  /// Whether a file is of this format, told by its content.
  func recognises(_ head: FileHead) -> Bool

  /// Reads the description, not the elements.
  func open(_ source: ByteSource, _ options: LoadOptions) throws -> Opened

  /// Writes everything but the last step, which puts the file in its place.
  func write(_ content: Content, to file: OutputFile, _ options: SaveOptions) throws -> SaveReport
}

extension Format {
  public var wantsName: Bool { false }

  public func write(
    _ content: Content, to file: OutputFile, _ options: SaveOptions
  ) throws -> SaveReport {
    throw FormatError(
      .unsupported, "\(name) files are read, not written: \"\(file.path)\"",
      hint: "save \(content.kind) as \(Formats.endings(for: content))")
  }

  /// The image to be written.
  ///
  /// - Throws: `FormatError` where the content is something else.
  func image(of content: Content, for file: OutputFile) throws -> Image {
    guard case .image(let image) = content else { throw mismatch(content, file) }
    return image
  }

  /// What to say where a format cannot hold the content.
  func mismatch(_ content: Content, _ file: OutputFile) -> FormatError {
    FormatError(
      .unsupported, "\(content.kind) cannot be saved as \(name): \"\(file.path)\"",
      hint: "use one of the endings \(Formats.endings(for: content))")
  }
}
