import Synchronization
import TensorEngine

/// An image file that stays on the disk and is read block by block, from any thread.
public final class FileImage: ImageSource {
  public let info: ImageInfo
  /// What the user should know about how the file was understood.
  public let notes: [String]

  /// A reader, kept for one thread at a time: the libraries beneath take no more.
  private struct Guarded: @unchecked Sendable {
    let reader: any ImageReader
  }
  private let guarded: Mutex<Guarded>
  /// Where the file's own array begins, in its image's coordinates; see `part`.
  private let region: Region

  /// - Throws: `FormatError` where the file cannot be opened or holds no image.
  public init(_ path: String, _ options: LoadOptions = LoadOptions()) throws {
    let reader = try Formats.reader(path, options)
    region = try Region(options.crop, axes: reader.info.axes, shape: reader.info.shape)
    try region.check(within: reader.info.shape, axes: reader.info.axes)
    notes = reader.notes
    info = reader.info(of: region)
    guarded = Mutex(Guarded(reader: reader))
  }

  public var axes: String { info.axes }
  public var shape: [Int] { info.shape }
  public var voxel: [Double]? { info.voxel }
  public var unit: String? { info.unit }
  public var stored: StoredType { info.stored }

  public func values(in block: [Range<Int>]) throws -> [Float] {
    try Region(block).check(within: shape, axes: axes)
    let place = zip(block, region.ranges).map { block, whole in
      block.lowerBound + whole.lowerBound..<block.upperBound + whole.lowerBound
    }
    return try guarded.withLock { try $0.reader.values(in: Region(place)) }
  }

  /// A block as an image of its own.
  ///
  /// - Throws: `FormatError` where the block does not fit in the image or the memory.
  public func part(_ block: [Range<Int>], limit: MemoryLimit = .machine) throws -> Image {
    let block = Region(block)
    try block.check(within: shape, axes: axes)
    try limit.check(shape: block.shape, for: info.path)
    return try Image(info.part(block), values(in: block.ranges))
  }

  /// All of it in memory.
  public func whole(limit: MemoryLimit = .machine) throws -> Image {
    try part(shape.map { 0..<$0 }, limit: limit)
  }
}
