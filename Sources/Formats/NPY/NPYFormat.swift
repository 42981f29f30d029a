import TensorEngine

/// NumPy arrays.
public struct NPYFormat: Format {
  public let name = "npy"
  public let summary = "NumPy array"
  public let endings = ["npy"]

  public init() {}

  public func recognises(_ head: FileHead) -> Bool { head.starts(with: NPYHeader.mark) }

  public func open(_ source: ByteSource, _ options: LoadOptions) throws -> Opened {
    .image(try NPYReader(source, options))
  }

  /// Writes any image, in its own order of axes, which the file does not name.
  public func write(
    _ content: Content, to file: OutputFile, _ options: SaveOptions
  ) throws -> SaveReport {
    let image = try image(of: content, for: file)
    let dtype = options.dtype ?? image.stored
    guard let type = NumberType(dtype) else {
      throw FormatError(
        .badRequest, "real numbers cannot be saved as \(dtype.rawValue): \"\(file.path)\"",
        hint: "use dtype=float32")
    }
    var report = SaveReport(stored: type.stored)
    try file.write(NPYHeader(type: type, shape: image.shape).bytes)
    try ArrayWriter(codec: NumberCodec(type)).write(
      image.tensor.values, to: file, losses: &report.losses)
    return report
  }
}
