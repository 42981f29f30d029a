import CKernels

/// Each element set to zero with a probability, drawn anew at every run, and the rest divided by
/// what is left (Srivastava et al. 2014). Nothing is stored: the gradient draws the same again.
///
/// What is drawn depends on an element's place in [samples, channels, space…] alone, as in the
/// kernel `dn_dropout`.
struct Dropout: GenericOp {
  static let name = "dropout"
  let probability: Double
  /// Tells this draw from others of the same graph.
  let number: Int
  var overwritten: Int? { 0 }

  func shape(_ inputs: [[Int]]) throws -> [Int] {
    guard (0..<1).contains(probability) else {
      throw TensorError("a dropout probability of \(probability)", hint: "take 0 up to 1, not 1")
    }
    return inputs[0]
  }

  /// The words that name the draw of one run.
  func key(_ moment: Moment) -> (seed: UInt64, stream: UInt32) {
    let words = RandomStream(
      seed: moment.seed, purpose: .dropout, epoch: moment.epoch, step: moment.step, sample: number
    ).words
    return (UInt64(words.1) << 32 | UInt64(words.0), words.2)
  }

  /// Lanes of a block of channels, and neighbouring pixels that one counter serves.
  private static let lanes = 16
  private static let pixels = 4

  func compute<T: Scalar>(_ call: Call<T>) {
    let full = Array(repeating: 1, count: max(0, 3 - call.x[0].shape.count)) + call.x[0].shape
    let (channels, width) = (full[1], full[full.count - 1])
    let rows = full.dropFirst(2).dropLast().product
    let blocks = (channels + Self.lanes - 1) / Self.lanes
    let (seed, stream) = key(call.moment)
    let threshold = UInt32(Double(Float(probability)) * 0x1p32)
    let kept = T(1 / (1 - Float(probability)))
    let words = (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    Parallel.forRanges(full[0] * channels * rows, grain: max(1, 4096 / max(1, width))) { range in
      for line in range {
        let (plane, row) = line.quotientAndRemainder(dividingBy: rows)
        let (sample, channel) = plane.quotientAndRemainder(dividingBy: channels)
        let (block, lane) = channel.quotientAndRemainder(dividingBy: Self.lanes)
        for x in stride(from: 0, to: width, by: Self.pixels) {
          let draw = RandomStream.philox(
            counter: (
              UInt32(truncatingIfNeeded: x / Self.pixels * Self.lanes + lane),
              UInt32(truncatingIfNeeded: row),
              UInt32(truncatingIfNeeded: sample * blocks + block), stream
            ), key: words)
          withUnsafeBytes(of: draw) { bytes in
            for (offset, word) in bytes.bindMemory(to: UInt32.self).enumerated()
            where x + offset < width {
              let at = line * width + x + offset
              call.y.base[at] = word < threshold ? 0 : call.x[0][at] * kept
            }
          }
        }
      }
    }
  }

  func gradient(_ rule: Rule) throws -> [Node?] { [try rule.y.graph.apply(self, [rule.dy])] }
}

extension Node {
  /// Elements set to zero at random; see `Dropout`.
  package func dropout(probability: Double, number: Int) throws -> Node {
    try graph.apply(Dropout(probability: probability, number: number), [self])
  }
}
