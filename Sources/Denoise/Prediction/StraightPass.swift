import TensorEngine

// A block that goes through the network once, as it is. It is brought to the network's scale on its
// way into the plan and back on its way out, so that it never lies in memory twice.
extension Predictor {
  /// Whether blocks go so: nothing is turned, hidden or averaged.
  var isStraight: Bool {
    guard let pass = passes.first, passes.count == 1 else { return false }
    return pass.mask == nil && pass.orientation == .identity(rank: model.dimensions)
      && options.mixBack != .byError
  }

  /// A sample in memory, [channels, space…], in as few blocks as memory allows.
  ///
  /// - Returns: its result, and the sides of a block where there are several.
  func straight(
    _ sample: Tensor, number: Int, observe: (Double) -> Void
  ) throws -> (result: Tensor, tile: [Int]?) {
    let space = Array(sample.shape.dropFirst())
    let padded = padded(space)
    let sides = try tileSides(for: padded)
    let tiling = try tiling(of: padded, sides)
    if tiling.tiles.count == 1 {
      let values = try straight(tiling.tiles[0], of: space, number: number) { sample }
      observe(1)
      return (try Tensor(values, shape: sample.shape), nil)
    }
    var whole = Tensor(repeating: 0, shape: sample.shape)
    for (index, tile) in tiling.tiles.enumerated() {
      try Interrupt.check()
      let read = tile.read.cut(to: space)
      let values = try straight(tile, of: space, number: number) {
        let box = Box(origin: [0] + read.origin, size: [model.channels] + read.size)
        return try Tensor(box.values(of: sample.values, shape: sample.shape), shape: box.size)
      }
      let keep = tile.keep.cut(to: space)
      let box = Box(origin: [0] + keep.origin, size: [model.channels] + keep.size)
      whole.modify { box.lay(values, into: &$0, shape: sample.shape) }
      observe(Double(index + 1) / Double(tiling.tiles.count))
    }
    return (whole, sides)
  }

  /// What is kept of a block's result, [channels, space…].
  ///
  /// - Parameters:
  ///   - space: sides of the whole.
  ///   - read: the block's elements; called once.
  func straight(
    _ tile: Tiling.Tile, of space: [Int], number: Int, read: () throws -> Tensor
  ) throws -> [Float] {
    let padded = tile.read.size
    let moment = Moment(seed: options.seed, epoch: -2 - number, step: 0)
    let kept = Box(origin: zip(tile.keep.origin, tile.read.origin).map(-), size: tile.keep.size)
    let plan = try plan(seeing: padded, keeping: kept)
    // A network may leave out what is not kept.
    let isCut = plan.resultShapes[0].dropFirst(2) != padded[...]
    return try plan.run(moment: moment) { inputs in
      lay(try read(), padded, into: inputs[0])
    } take: { inputs, results in
      let size = [model.channels] + tile.keep.cut(to: space).size
      let box = Box(origin: [0] + kept.origin, size: size)
      return take(
        isCut ? Box(origin: size.map { _ in 0 }, size: size) : box,
        Array(plan.resultShapes[0].dropFirst()), results[0],
        mixing: (box, [model.channels] + padded, inputs[0]))
    }
  }

  /// Lays a block, scaled and padded by reflection behind its ends, into a plan's input.
  private func lay(_ block: Tensor, _ padded: [Int], into input: UnsafeMutableBufferPointer<Float>)
  {
    let strides = block.shape.strides
    let padding = Padding(of: Array(block.shape.dropFirst()), to: padded)
    let sources = padded.indices.map { padding.sources(along: $0, count: block.shape[$0 + 1]) }
    let rows = [model.channels] + padded.dropLast()
    let (last, width) = (sources[padded.count - 1], padded[padded.count - 1])
    let inside = min(width, block.shape[padded.count])
    let scale = model.scale
    block.values.withUnsafeBufferPointer { values in
      Parallel.forRanges(rows.product, grain: max(1, Predictor.grain / width)) { range in
        for row in range {
          let position = rows.position(of: row)
          var start = position[0] * strides[0]
          for axis in 1..<position.count {
            start += sources[axis - 1][position[axis]] * strides[axis]
          }
          let (offset, spread) = (scale.offsets[position[0]], scale.scales[position[0]])
          for x in 0..<inside {
            input[row * width + x] = IntensityScale.forth(values[start + x], offset, spread)
          }
          for x in inside..<width {
            input[row * width + x] = IntensityScale.forth(values[start + last[x]], offset, spread)
          }
        }
      }
    }
  }

  /// A box of a result of a shape, with its share of the same box of the input, on the data's own
  /// scale.
  private func take(
    _ box: Box, _ shape: [Int], _ result: UnsafeBufferPointer<Float>,
    mixing seen: (box: Box, shape: [Int], input: UnsafeBufferPointer<Float>)
  ) -> [Float] {
    let rows = Array(box.size.dropLast())
    let width = box.size[rows.count]
    let scale = model.scale
    let share = Float(options.mixBack.everywhere)
    return [Float](unsafeUninitializedCapacity: box.count) { values, count in
      let values = values
      Parallel.forRanges(rows.product, grain: max(1, Predictor.grain / max(1, width))) { range in
        for row in range {
          let position = rows.position(of: row)
          let start = box.row(position, in: shape)
          let from = seen.box.row(position, in: seen.shape)
          let (offset, spread) = (scale.offsets[position[0]], scale.scales[position[0]])
          for x in 0..<width {
            var value = result[start + x]
            if share > 0 { value = value * (1 - share) + seen.input[from + x] * share }
            values[row * width + x] = IntensityScale.back(value, offset, spread)
          }
        }
      }
      count = box.count
    }
  }

  /// Elements that are worth a thread.
  private static let grain = 16_384
}

extension Box {
  /// Where a row of the box begins in a row-major array of a shape, the row's place in the box given
  /// for all axes but the last.
  fileprivate func row(_ place: [Int], in shape: [Int]) -> Int {
    var start = 0
    for axis in shape.indices {
      start = start * shape[axis] + origin[axis] + (axis < place.count ? place[axis] : 0)
    }
    return start
  }
}
