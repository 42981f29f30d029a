import TensorEngine

extension Predictor {
  /// Bytes for each element of a block beside the network's own: the next block, and the block as it
  /// came or what is kept of its result; where it does not go straight, also the block scaled and
  /// padded and the result; where there are several passes, also the block turned and masked, and
  /// sums over passes in double precision.
  private var bytesBeside: Int { isStraight ? 8 : passes.count == 1 ? 32 : 76 }

  /// Denoises an image that need not fit in memory, block by block, as they are read.
  ///
  /// Where nothing is drawn at random (mode `single`) the result equals that of `predict(_:)` up to
  /// rounding; hidden pixels are drawn for each block anew.
  ///
  /// - Parameters:
  ///   - source: of axes samples, channels, space in this order, as files are.
  ///   - inRows: whether the result is given in whole rows (of its last axis). All blocks that make
  ///     up the same rows wait for each other then, and less memory is left for each.
  ///   - observe: told the share that is done, 0 to 1.
  ///   - write: takes consecutive elements of the result, with the number of the first, counted
  ///     row-major.
  /// - Throws: `DenoiseError` where channels or axes differ, or not even a small block fits in
  ///   memory; `Interrupted` between blocks.
  public func predict(
    _ source: any ImageSource, inRows: Bool = true, observe: (Double) -> Void = { _ in },
    write: (_ values: ArraySlice<Float>, _ first: Int) throws -> Void
  ) throws {
    if let preparation = model.preparation {
      return try predict(
        source, prepared: preparation, inRows: inRows, observe: observe, write: write)
    }
    let layout = try SampleLayout(of: source)
    try check(layout)
    let samples = try layout.arrays(of: source)
    let tiling = try blocks(of: layout.space, inRows: inRows)
    let total = Double(samples.count * tiling.tiles.count)
    var blocks = ReadAhead(
      samples.flatMap { sample in
        tiling.tiles.map { tile in
          let read = tile.read.cut(to: layout.space)
          return (sample, Box(origin: [0] + read.origin, size: [model.channels] + read.size))
        }
      })
    let shape = [model.channels] + layout.space
    for number in samples.indices {
      let start = number * shape.product
      var slab: Slab?
      for (index, tile) in tiling.tiles.enumerated() {
        try Interrupt.check()
        let block = number * tiling.tiles.count + index
        let result = try denoised(&blocks, tile, layout.space, number: block) { done in
          observe((Double(block) + done) / total)
        }
        let keep = tile.keep.cut(to: layout.space)
        let box = Box(origin: [0] + keep.origin, size: [model.channels] + keep.size)
        guard inRows else {
          var position = 0
          try box.forEachRun(in: shape) { run in
            try write(result[position..<position + run.count], start + run.lowerBound)
            position += run.count
          }
          continue
        }
        let range = keep.origin[0]..<keep.end[0]
        if slab?.range != range {
          try slab?.hand(write, from: start)
          slab = Slab(shape, range)
        }
        slab?.lay(result, box)
      }
      try slab?.hand(write, from: start)
    }
  }

  /// What is kept of a block's result, [channels, space…].
  private func denoised(
    _ blocks: inout ReadAhead, _ tile: Tiling.Tile, _ space: [Int], number: Int,
    _ observe: (Double) -> Void
  ) throws -> [Float] {
    if isStraight {
      defer { observe(1) }
      return try straight(tile, of: space, number: number) { try blocks.take() }
    }
    let read = tile.read.cut(to: space)
    let result = try predict(blocks.take(), number: number, observe: observe).mean
    let keep = tile.keep.cut(to: space)
    let inside = Box(
      origin: [0] + zip(keep.origin, read.origin).map(-), size: [model.channels] + keep.size)
    return inside.values(of: result.values, shape: result.shape)
  }

  /// Blocks of the space, padded to what the network wants.
  private func blocks(of space: [Int], inRows: Bool) throws -> Tiling {
    let padded = padded(space)
    let channels = model.channels
    let rest = space.dropFirst().product
    let sides: [Int]
    if let asked = try askedTile(for: padded) {
      sides = asked
    } else {
      sides = try TileChoice(
        space: padded, multiple: model.architecture.multiple, overlap: overlap,
        bytesOfSection: inRows ? 4 * channels * rest : 0
      ).best(within: limit) { sides in
        try bytes(sides, of: padded) + sides.product * channels * bytesBeside
      }
    }
    // A signal is one row: it is not cut.
    let whole = space.count == 1 ? padded : sides
    return try tiling(of: padded, whole)
  }
}

extension Box {
  /// The part that lies in an array of the shape.
  func cut(to shape: [Int]) -> Box {
    Box(
      origin: origin,
      size: shape.indices.map { min(shape[$0], origin[$0] + size[$0]) - origin[$0] })
  }
}

/// Results of blocks that lie beside each other along all axes but the first of the space: together
/// they make whole rows.
private struct Slab {
  /// Along the first axis of the space.
  let range: Range<Int>
  /// [channels, space…] of the whole, and of the slab.
  private let whole: [Int]
  private let shape: [Int]
  private var values: [Float]

  init(_ whole: [Int], _ range: Range<Int>) {
    self.whole = whole
    self.range = range
    shape = [whole[0], range.count] + whole.dropFirst(2)
    values = Array(repeating: 0, count: shape.product)
  }

  /// Lays in a kept block of all channels, whose place in the whole is `box`.
  mutating func lay(_ block: [Float], _ box: Box) {
    var box = box
    box.origin[1] -= range.lowerBound
    box.lay(block, into: &values, shape: shape)
  }

  /// Gives out the rows, channel by channel.
  func hand(
    _ write: (ArraySlice<Float>, Int) throws -> Void, from start: Int
  ) throws {
    let (each, all) = (shape.dropFirst().product, whole.dropFirst().product)
    let before = start + range.lowerBound * whole.dropFirst(2).product
    for channel in 0..<whole[0] {
      try write(values[channel * each..<(channel + 1) * each], before + channel * all)
    }
  }
}
