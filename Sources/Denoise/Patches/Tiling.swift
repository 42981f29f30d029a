import TensorEngine

/// Overlapping tiles of an image too large for one pass, and how their results make the whole.
///
/// Of each tile only the middle is kept, for near its borders a net sees less than it would in the
/// whole image. Where the overlap is at least the receptive field's half width and tiles start at
/// multiples of the net's downsampling, the assembled result equals that of one pass.
public struct Tiling: Sendable {
  public struct Tile: Sendable, Equatable {
    /// What the net is given.
    public let read: Box
    /// What is kept of its result; the kept boxes of all tiles cover the image once.
    public let keep: Box
  }

  public let shape: [Int]
  public let tiles: [Tile]

  /// - Parameters:
  ///   - shape: The image's spatial sides, multiples of `multiple` (see `Padding`).
  ///   - tile: Sides of a tile, rounded up to the multiple; a side that exceeds the image's is cut
  ///     to it, so all tiles have one shape.
  ///   - overlap: Elements at each side of a tile that are thrown away, rounded up likewise.
  ///   - multiple: The net's downsampling, 2^depth.
  /// - Throws: `DenoiseError` where a tile is all overlap or the sides are no multiples.
  public init(of shape: [Int], tile: [Int], overlap: [Int], multiple: Int = 1) throws {
    guard tile.count == shape.count, overlap.count == shape.count, multiple >= 1,
      shape.allSatisfy({ $0 > 0 && $0 % multiple == 0 }),
      (tile + overlap).allSatisfy({ $0 >= 0 && $0 < 1 << 40 })
    else {
      throw DenoiseError(
        "tiles of \(tile.asShape) with overlap \(overlap.asShape) do not suit an image of "
          + "\(shape.asShape) in steps of \(multiple)")
    }
    self.shape = shape
    let intervals = try shape.indices.map { axis in
      try Tiling.intervals(
        count: shape[axis], tile: tile[axis], overlap: overlap[axis], multiple: multiple)
    }
    let counts = intervals.map(\.count)
    guard let total = counts.checkedProduct, total <= 1 << 32 else {
      throw DenoiseError("too many tiles", hint: "use larger ones")
    }
    tiles = (0..<total).map { index in
      let parts = zip(intervals, counts.position(of: index)).map { $0[$1] }
      return Tile(
        read: Box(origin: parts.map(\.read.lowerBound), size: parts.map(\.read.count)),
        keep: Box(origin: parts.map(\.keep.lowerBound), size: parts.map(\.keep.count)))
    }
  }

  private struct Interval {
    let read: Range<Int>
    let keep: Range<Int>
  }

  private static func intervals(
    count: Int, tile: Int, overlap: Int, multiple: Int
  ) throws -> [Interval] {
    let tile = min(count, max(multiple, tile.roundedUp(toMultipleOf: multiple)))
    if tile == count { return [Interval(read: 0..<count, keep: 0..<count)] }
    let overlap = overlap.roundedUp(toMultipleOf: multiple)
    let stride = tile - 2 * overlap
    guard stride > 0 else {
      throw DenoiseError(
        "a tile of \(tile) is nothing but overlap (\(overlap) at each side)",
        hint: "use a tile of more than \(2 * overlap)")
    }
    var result: [Interval] = []
    var kept = 0
    var start = 0
    while kept < count {
      start = min(start, count - tile)
      let end = start + tile == count ? count : start + tile - overlap
      result.append(Interval(read: start..<start + tile, keep: kept..<end))
      kept = end
      start += stride
    }
    return result
  }

  /// The part of `[…, spatial…]` that a tile reads.
  ///
  /// - Throws: `DenoiseError` where the last axes of the tensor are not this tiling's shape.
  public func read(_ tile: Tile, of tensor: Tensor) throws -> Tensor {
    let box = try whole(tensor.shape, tile.read)
    return try Tensor(box.values(of: tensor.values, shape: tensor.shape), shape: box.size)
  }

  /// Copies what is kept of a tile's result into the whole.
  ///
  /// - Throws: `DenoiseError` where the result is not as large as the tile.
  public func write(_ result: Tensor, of tile: Tile, into whole: inout Tensor) throws {
    let target = try self.whole(whole.shape, tile.keep)
    let lead = target.size.count - shape.count
    let source = Box(
      origin: Array(repeating: 0, count: lead) + zip(tile.keep.origin, tile.read.origin).map(-),
      size: target.size)
    guard Array(result.shape.suffix(shape.count)) == tile.read.size, source.fits(result.shape)
    else {
      throw DenoiseError(
        "a tile of \(tile.read.size.asShape) gave a result of \(result.shape.asShape)")
    }
    let values = source.values(of: result.values, shape: result.shape)
    let shape = whole.shape
    whole.modify { target.lay(values, into: &$0, shape: shape) }
  }

  private func whole(_ full: [Int], _ box: Box) throws -> Box {
    let lead = full.count - shape.count
    guard lead >= 0, Array(full[lead...]) == shape else {
      throw DenoiseError("the tiling is for \(shape.asShape), not for \(full.asShape)")
    }
    return Box(
      origin: Array(repeating: 0, count: lead) + box.origin,
      size: Array(full[..<lead]) + box.size)
  }
}
