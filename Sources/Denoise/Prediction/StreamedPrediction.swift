import TensorEngine

extension Predictor {
  /// Bytes for each element of a block beside the network's own: the block as it came, scaled and
  /// padded, the result and what is kept of it, and the next block; where there are several passes,
  /// also the block turned and masked, and sums over passes in double precision.
  private var bytesBeside: Int { passes.count == 1 ? 32 : 76 }

  /// Denoises an image that need not fit in memory, block by block, as they are read.
  ///
  /// Where nothing is drawn at random (mode `single`) the result equals that of `predict(_:)` up to
  /// rounding; hidden pixels are drawn for each block anew.
  ///
  /// - Parameters:
  ///   - source: of axes samples, channels, space in this order, as files are.
  ///   - observe: told the share that is done, 0 to 1.
  ///   - write: takes consecutive whole rows of the result (its last axis), with the number of the
  ///     first, counted row-major.
  /// - Throws: `DenoiseError` where channels or axes differ, or not even a small block fits in
  ///   memory; `Interrupted` between blocks.
  public func predict(
    _ source: any ImageSource, observe: (Double) -> Void = { _ in },
    write: (_ rows: [Float], _ first: Int) throws -> Void
  ) throws {
    if let preparation = model.preparation {
      return try predict(source, prepared: preparation, observe: observe, write: write)
    }
    let layout = try SampleLayout(of: source)
    try check(layout)
    let samples = try layout.arrays(of: source)
    let tiling = try blocks(of: layout.space)
    let total = Double(samples.count * tiling.tiles.count)
    var blocks = ReadAhead(
      samples.flatMap { sample in
        tiling.tiles.map { tile in
          let read = tile.read.cut(to: layout.space)
          return (sample, Box(origin: [0] + read.origin, size: [model.channels] + read.size))
        }
      })
    for number in samples.indices {
      // Blocks that lie beside each other along all axes but the first make whole rows.
      var slab: (range: Range<Int>, values: [Float])?
      for (index, tile) in tiling.tiles.enumerated() {
        try Interrupt.check()
        let keep = tile.keep.cut(to: layout.space)
        let range = keep.origin[0]..<keep.end[0]
        if slab?.range != range {
          try slab.map { try hand($0, of: number, layout, write) }
          let count = model.channels * range.count * layout.space.dropFirst().product
          slab = (range, [Float](repeating: 0, count: count))
        }
        let block = number * tiling.tiles.count + index
        let result = try denoised(blocks.take(), tile, layout.space, number: block) { done in
          observe((Double(block) + done) / total)
        }
        slab?.values.lay(
          result, keep, in: [model.channels, range.count] + layout.space.dropFirst(),
          from: range.lowerBound)
      }
      try slab.map { try hand($0, of: number, layout, write) }
    }
  }

  /// What is kept of a block's result, [channels, space…].
  private func denoised(
    _ part: Tensor, _ tile: Tiling.Tile, _ space: [Int], number: Int, _ observe: (Double) -> Void
  ) throws -> [Float] {
    let read = tile.read.cut(to: space)
    let result = try predict(part, number: number, observe: observe).mean
    let keep = tile.keep.cut(to: space)
    let inside = Box(
      origin: [0] + zip(keep.origin, read.origin).map(-), size: [model.channels] + keep.size)
    return inside.values(of: result.values, shape: result.shape)
  }

  /// Gives out whole rows, channel by channel.
  private func hand(
    _ slab: (range: Range<Int>, values: [Float]), of sample: Int, _ layout: SampleLayout,
    _ write: ([Float], Int) throws -> Void
  ) throws {
    let space = layout.space
    let area = slab.values.count / model.channels
    // A signal of one axis is a single row.
    let rows = space.dropLast().product
    let rowsBefore =
      space.count == 1 ? 0 : slab.range.lowerBound * space.dropFirst().dropLast().product
    if model.channels == 1 { return try write(slab.values, sample * rows + rowsBefore) }
    for channel in 0..<model.channels {
      try write(
        Array(slab.values[channel * area..<(channel + 1) * area]),
        (sample * model.channels + channel) * rows + rowsBefore)
    }
  }

  /// Blocks of the space, padded to what the network wants.
  private func blocks(of space: [Int]) throws -> Tiling {
    let multiple = model.architecture.multiple
    let padded = space.map { ($0 + multiple - 1) / multiple * multiple }
    let overlap = options.overlap ?? model.architecture.reach
    let channels = model.channels
    let rest = space.dropFirst().product
    let sides: [Int]
    if let asked = try askedTile(for: padded) {
      sides = asked
    } else {
      // A slab of results, and a channel of it on its way to the file.
      let copies = channels == 1 ? 1 : 2
      sides = try TileChoice(
        space: padded, multiple: multiple, overlap: overlap,
        bytesOfSection: 4 * copies * channels * rest
      ).best(within: limit) { sides in
        try bytes(sides) + sides.product * channels * bytesBeside
      }
    }
    // A signal is one row: it is not cut.
    let whole = space.count == 1 ? padded : sides
    return try Tiling(
      of: padded, tile: whole,
      overlap: whole.indices.map { whole[$0] == padded[$0] ? 0 : overlap }, multiple: multiple)
  }
}

extension Box {
  /// The part that lies in an array of the shape.
  fileprivate func cut(to shape: [Int]) -> Box {
    Box(
      origin: origin,
      size: shape.indices.map { min(shape[$0], origin[$0] + size[$0]) - origin[$0] })
  }
}

extension [Float] {
  /// Lays a kept block of all channels into a slab.
  fileprivate mutating func lay(_ values: [Float], _ keep: Box, in shape: [Int], from start: Int) {
    let place = Box(
      origin: [0, keep.origin[0] - start] + keep.origin.dropFirst(), size: [shape[0]] + keep.size)
    var position = 0
    place.forEachRow(in: shape) { row in
      replaceSubrange(row, with: values[position..<position + row.count])
      position += row.count
    }
  }
}
