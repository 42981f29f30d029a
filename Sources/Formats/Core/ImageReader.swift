import TensorEngine

/// An image file that is open: described, not yet read.
///
/// A format gives the description and the elements of a block; the rest is the same for all.
public protocol ImageReader {
  var info: ImageInfo { get }
  /// What the user should know about how the file was understood.
  var notes: [String] { get }
  /// The elements of a block, row-major, in the image's order of axes. The block lies within the
  /// image, and there is memory for it.
  func values(in region: Region) throws -> [Float]
}

extension ImageReader {
  public var notes: [String] { [] }

  /// Reads the image, or a block of it, whose origin then lies at the block's first voxel.
  ///
  /// - Parameters:
  ///   - region: The block; nil for all.
  ///   - limit: Memory that may be used.
  /// - Throws: `FormatError` where the block does not fit the image or the memory, or the file is
  ///   damaged; `Interrupted` where the user stopped it.
  public func read(_ region: Region? = nil, limit: MemoryLimit = .machine) throws -> Image {
    let region = region ?? Region(whole: info.shape)
    try region.check(within: info.shape, axes: info.axes)
    try limit.check(shape: region.shape, for: info.path)
    return try Image(info(of: region), values(in: region))
  }

  /// The description of a block, whose origin then lies at the block's first voxel.
  func info(of region: Region) -> ImageInfo { info.part(region) }
}

extension ImageInfo {
  /// The description of a block, whose origin then lies at the block's first voxel.
  func part(_ region: Region) -> ImageInfo {
    var part = self
    part.shape = region.shape
    part.origin = origin(of: region)
    part.channels = channels(of: region)
    return part
  }

  private func origin(of region: Region) -> [Double]? {
    let start = zip(axes, region.ranges).filter { "ZYX".contains($0.0) }.map(\.1.lowerBound)
    guard let voxel, start.contains(where: { $0 > 0 }) else { return origin }
    let origin = origin ?? voxel.map { _ in 0 }
    return zip(origin, zip(start, voxel)).map { $0 + Double($1.0) * $1.1 }
  }

  private func channels(of region: Region) -> [String]? {
    guard let channels, let axis = axes.firstIndex(of: "C") else { return nil }
    let range = region.ranges[axes.distance(from: axes.startIndex, to: axis)]
    return channels.indices.contains(range) || range.count == channels.count
      ? Array(channels[range]) : nil
  }
}

extension Range<Int> {
  fileprivate func contains(_ other: Range<Int>) -> Bool {
    other.lowerBound >= lowerBound && other.upperBound <= upperBound
  }
}

extension Image {
  /// Elements with the description of a file.
  init(_ info: ImageInfo, _ values: [Float]) throws {
    try self.init(
      Tensor(values, shape: info.shape), axes: info.axes, voxel: info.voxel, unit: info.unit,
      origin: info.origin, stored: info.stored, path: info.path.isEmpty ? nil : info.path,
      header: info.header, channels: info.channels)
  }
}
