import CJPEGShim
import TensorEngine

/// JPEG pictures by libjpeg; read only, since their compression changes the data.
public struct JPEGFormat: Format {
  public let name = "jpeg"
  public let summary = "JPEG picture (read only)"
  public let endings = ["jpg", "jpeg"]

  public init() {}

  public func recognises(_ head: FileHead) -> Bool { head.starts(with: [0xff, 0xd8, 0xff]) }

  public func open(_ source: ByteSource, _ options: LoadOptions) throws -> Opened {
    .image(try JPEGReader(source, options))
  }
}

/// An open JPEG file.
final class JPEGReader: ImageReader {
  let info: ImageInfo
  let notes = ["JPEG compression has changed the pixels and their noise"]

  private let source: ByteSource
  private let file: [UInt8]
  private let limit: MemoryLimit
  private let order: AxisOrder
  /// The whole picture in the image's order: the library cannot skip to a block.
  private lazy var picture = Result { try decode() }

  init(_ source: ByteSource, _ options: LoadOptions) throws {
    self.source = source
    limit = options.limit
    file = try source.all(limit: limit)
    var header = dn_jpeg_info()
    var message = [CChar](repeating: 0, count: Int(DN_JPEG_MESSAGE))
    guard dn_jpeg_describe(file, file.count, &header, &message) == 0 else {
      throw FormatError.damaged(source.path, PNGReader.text(message))
    }
    let isGrey = header.components == 1
    guard isGrey || header.components == 3 else {
      throw FormatError.unsupported(
        source.path, "\(header.components) colour components (CMYK)", hint: "convert it to RGB")
    }
    let shape = [Int(header.height), Int(header.width)] + (isGrey ? [] : [3])
    order = AxisOrder(
      fileAxes: try options.axes(for: shape, or: isGrey ? "YX" : "YXC"), fileShape: shape)
    var info = ImageInfo(format: "jpeg", source: source, order: order, stored: .uint8)
    if !isGrey { info.channels = ["red", "green", "blue"] }
    self.info = info
  }

  func values(in region: Region) throws -> [Float] {
    Block.copy(region, of: try picture.get(), shape: info.shape)
  }

  private func decode() throws -> [Float] {
    let count = try limit.check(shape: order.fileShape, for: source.path)
    var pixels = [UInt8](repeating: 0, count: count)
    var message = [CChar](repeating: 0, count: Int(DN_JPEG_MESSAGE))
    guard dn_jpeg_decode(file, file.count, &pixels, pixels.count, &message) == 0 else {
      throw FormatError.damaged(source.path, PNGReader.text(message))
    }
    return order.toImage(NumberCodec(.uint8).decode(pixels), shape: order.fileShape)
  }
}
