/// Finds the blocks that look most like a reference block.
struct BlockMatcher {
  let geometry: BlockGeometry
  /// Runs of the picture that is searched.
  let runs: [BlockGeometry.Run]
  /// How far away along each axis.
  let reach: Int
  /// Blocks found at most.
  let limit: Int
  /// Largest sum of squared differences.
  let tolerance: Float

  /// Places of the blocks found, the nearest first and the reference the very first; as many as a
  /// power of two.
  func matches(of reference: Int, at place: [Int]) -> [Int] {
    let allowed = geometry.shape.map { $0 - geometry.side + 1 }
    let window = Box(
      around: place, radius: place.map { _ in reach }, within: allowed)
    let offsets = InlineArray<8, Int> { geometry.runs[$0] }
    let own = InlineArray<8, BlockGeometry.Run> { runs[reference + offsets[$0]] }
    let places = self.runs.span
    var best = [(distance: Float, place: Int)]()
    best.reserveCapacity(limit + 1)
    best.append((-1, reference))
    var bound = tolerance
    window.forEachRow(in: geometry.shape) { row in
      for candidate in row where candidate != reference {
        var sum = BlockGeometry.Run.zero
        for run in 0..<4 {
          let difference = own[run] - places[candidate + offsets[run]]
          sum += difference * difference
        }
        // Half a block often tells.
        if sum.sum() >= bound { continue }
        for run in 4..<8 {
          let difference = own[run] - places[candidate + offsets[run]]
          sum += difference * difference
        }
        let distance = sum.sum()
        if distance >= bound { continue }
        if best.count == limit { best.removeLast() }
        var slot = best.count
        while slot > 0 && best[slot - 1].distance > distance { slot -= 1 }
        best.insert((distance, candidate), at: slot)
        if best.count == limit { bound = min(tolerance, best[limit - 1].distance) }
      }
    }
    var count = 1
    while count * 2 <= best.count { count *= 2 }
    return best.prefix(count).map(\.place)
  }
}
