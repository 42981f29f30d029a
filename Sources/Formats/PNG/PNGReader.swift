import CPNGShim
import TensorEngine

/// An open PNG file.
final class PNGReader: ImageReader {
  let info: ImageInfo
  private(set) var notes: [String] = []

  private let source: ByteSource
  private let header: PNGHeader
  private let limit: MemoryLimit
  private let keepsAlpha: Bool
  private let order: AxisOrder
  /// The whole picture in the image's order: libpng cannot skip to a block.
  private lazy var picture = Result { try decode() }

  init(_ source: ByteSource, _ options: LoadOptions) throws {
    self.source = source
    limit = options.limit
    let header = try PNGHeader(source)
    self.header = header
    let hasAlpha = header.channels == 2 || header.channels == 4 || header.transparentColour != nil
    keepsAlpha = hasAlpha && options.alpha
    let colours = header.channels >= 3 ? ["red", "green", "blue"] : ["grey"]
    let channels = colours + (keepsAlpha ? ["alpha"] : [])
    order =
      channels.count == 1
      ? AxisOrder(
        fileAxes: try options.axes(for: [header.height, header.width], or: "YX"),
        fileShape: [header.height, header.width])
      : AxisOrder(
        fileAxes: try options.axes(
          for: [header.height, header.width, channels.count], or: "YXC"),
        fileShape: [header.height, header.width, channels.count])
    let stored: StoredType = header.depth == 16 ? .uint16 : header.depth == 1 ? .bit : .uint8
    var info = ImageInfo(
      format: "png", source: source, order: order,
      stored: header.colour == .palette ? .uint8 : stored,
      header: FileHeader(format: "png", notes: header.texts))
    if channels.count > 1 { info.channels = channels }
    self.info = info
    if hasAlpha, !options.alpha {
      notes.append("the alpha channel was left out; alpha=true keeps it")
    }
    if header.colour == .grey, (2...4).contains(header.depth) {
      notes.append("stored in \(header.depth) bits: values run from 0 to \(1 << header.depth - 1)")
    }
  }

  func values(in region: Region) throws -> [Float] {
    let whole = try picture.get()
    if region == Region(whole: info.shape) { return whole }
    return Block.copy(region, of: whole, shape: info.shape)
  }

  /// Unpacks the pixels.
  private func decode() throws -> [Float] {
    let (width, height) = (header.width, header.height)
    let samples = try limit.check(shape: [height, width, header.channels], for: source.path)
    var pixels = [UInt8](repeating: 0, count: samples * header.sampleSize)
    let file = try source.all(limit: limit)
    var message = [CChar](repeating: 0, count: Int(DN_PNG_MESSAGE))
    guard dn_png_decode(file, file.count, &pixels, pixels.count, &message) == 0 else {
      throw FormatError.damaged(source.path, PNGReader.text(message))
    }
    let values = NumberCodec(header.sampleSize == 2 ? .uint16 : .uint8, order: .host).decode(pixels)
    return order.toImage(withChosenChannels(values), shape: order.fileShape)
  }

  /// Leaves alpha out, or makes it of the one transparent colour.
  private func withChosenChannels(_ values: [Float]) -> [Float] {
    let have = header.channels
    let want = order.fileShape.count == 3 ? order.fileShape[2] : 1
    if have == want { return values }
    let opaque: Float = header.depth == 1 ? 1 : Float(1 << header.depth - 1)
    var result: [Float] = []
    result.reserveCapacity(header.width * header.height * want)
    for start in stride(from: 0, to: values.count, by: have) {
      let pixel = values[start..<(start + have)]
      result += pixel.prefix(want)
      if want > have {
        let isTransparent = header.transparentColour.map { pixel.elementsEqual($0) } ?? false
        result.append(isTransparent ? 0 : opaque)
      }
    }
    return result
  }

  /// libpng's message as a string.
  static func text(_ message: [CChar]) -> String {
    let bytes = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return bytes.isEmpty ? "libpng gave no reason" : String(decoding: bytes, as: UTF8.self)
  }
}
