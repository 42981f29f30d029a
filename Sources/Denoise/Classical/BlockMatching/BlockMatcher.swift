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
    let offsets = geometry.runs
    let own = offsets.map { runs[reference + $0] }
    var best = [(distance: Float, place: Int)]()
    best.reserveCapacity(limit + 1)
    best.append((-1, reference))
    window.forEachRow(in: geometry.shape) { row in
      for candidate in row where candidate != reference {
        let bound = best.count < limit ? tolerance : min(tolerance, best[best.count - 1].distance)
        var sum = BlockGeometry.Run.zero
        for run in 0..<4 {
          let difference = own[run] - runs[candidate + offsets[run]]
          sum += difference * difference
        }
        if sum.sum() >= bound { continue }
        for run in 4..<8 {
          let difference = own[run] - runs[candidate + offsets[run]]
          sum += difference * difference
        }
        let distance = sum.sum()
        if distance >= bound { continue }
        if best.count == limit { best.removeLast() }
        var slot = best.count
        while slot > 0 && best[slot - 1].distance > distance { slot -= 1 }
        best.insert((distance, candidate), at: slot)
      }
    }
    var count = 1
    while count * 2 <= best.count { count *= 2 }
    return best.prefix(count).map(\.place)
  }
}
