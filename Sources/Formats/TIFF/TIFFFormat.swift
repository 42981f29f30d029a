import TensorEngine

/// TIFF by libtiff: pictures, stacks and volumes of microscopy, ImageJ's and OME's included.
public struct TIFFFormat: StreamedFormat {
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

  func writer(
    _ info: ImageInfo, to file: OutputFile, _ options: SaveOptions
  ) throws -> any ImageWriter {
    let writer = try TIFFWriter(info, to: file, options)
    let order = writer.layout.order
    if order.isIdentity { return writer }
    // Pages in another order than the image's need all of it.
    return try CollectingWriter(info, options, file.path) { values in
      try writer.write(order.toFile(values, shape: info.shape)[...], row: 0)
      return try writer.finish()
    }
  }
}
