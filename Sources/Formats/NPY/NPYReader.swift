import TensorEngine

/// An open NumPy array.
final class NPYReader: ImageReader {
  let info: ImageInfo
  private(set) var notes: [String] = []

  private let array: RawArray
  private let order: AxisOrder

  init(_ source: ByteSource, _ options: LoadOptions) throws {
    let header = try NPYHeader(path: source.path) { try source.bytes(at: $0, upTo: $1) }
    let own = try ArrayAxes.guess(shape: header.shape, type: header.type, path: source.path)
    let axes = try options.axes(for: header.shape, or: own.axes)
    if options.axes == nil { notes += own.notes }
    // Fortran's order is the row-major order of the axes reversed.
    order =
      header.isFortran
      ? AxisOrder(fileAxes: String(axes.reversed()), fileShape: header.shape.reversed())
      : AxisOrder(fileAxes: axes, fileShape: header.shape)
    array = RawArray(
      source: source, offset: header.dataOffset, shape: order.fileShape,
      codec: NumberCodec(header.type, order: header.order))
    try array.checkLength()
    info = ImageInfo(format: "npy", source: source, order: order, stored: header.type.stored)
  }

  func values(in region: Region) throws -> [Float] {
    let block = order.inFile(region)
    return order.toImage(try array.values(in: block), shape: block.shape)
  }
}
