import TensorEngine

/// NumPy arrays.
public struct NPYFormat: StreamedFormat {
  public let name = "npy"
  public let summary = "NumPy array"
  public let endings = ["npy"]

  public init() {}

  public func recognises(_ head: FileHead) -> Bool { head.starts(with: NPYHeader.mark) }

  public func open(_ source: ByteSource, _ options: LoadOptions) throws -> Opened {
    .image(try NPYReader(source, options))
  }

  /// Writes any image, in its own order of axes, which the file does not name.
  func writer(
    _ info: ImageInfo, to file: OutputFile, _ options: SaveOptions
  ) throws -> any ImageWriter {
    try NPYWriter(info, to: file, options)
  }
}

/// A NumPy array being written.
final class NPYWriter: RunWriter {
  let width: Int
  private let elements: RawElements
  private let type: NumberType

  init(_ info: ImageInfo, to file: OutputFile, _ options: SaveOptions) throws {
    type = try NumberType(real: options.dtype ?? info.stored, file.path)
    width = info.shape.last ?? 1
    let header = NPYHeader(type: type, shape: info.shape).bytes
    try file.write(header)
    elements = RawElements(file, NumberCodec(type), offset: header.count)
  }

  func write(_ values: ArraySlice<Float>, element first: Int) throws {
    try elements.write(values, element: first)
  }

  func finish() throws -> SaveReport {
    var report = SaveReport(stored: type.stored)
    report.losses = elements.losses
    return report
  }
}
