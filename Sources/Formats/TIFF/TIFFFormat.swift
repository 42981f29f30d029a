import TensorEngine

/// TIFF by libtiff: pictures, stacks and volumes of microscopy, ImageJ's and OME's included.
public struct TIFFFormat: Format {
  public let name = "tiff"
  public let summary = "TIFF picture, stack or volume (ImageJ, OME, BigTIFF)"
  public let endings = ["tif", "tiff", "btf", "tf8"]

  public init() {}

  /// By the byte order mark and the number 42, or 43 for BigTIFF.
  public func recognises(_ head: FileHead) -> Bool {
    let marks: [[UInt8]] = [
      [0x49, 0x49, 42, 0], [0x4d, 0x4d, 0, 42], [0x49, 0x49, 43, 0], [0x4d, 0x4d, 0, 43],
    ]
    return marks.contains { head.starts(with: $0) }
  }

  public func open(_ source: ByteSource, _ options: LoadOptions) throws -> Opened {
    .image(try TIFFReader(source, options))
  }

  public func write(
    _ content: Content, to file: OutputFile, _ options: SaveOptions
  ) throws -> SaveReport {
    try TIFFWriter(image(of: content, for: file), path: file.path, options).write(to: file)
  }
}
