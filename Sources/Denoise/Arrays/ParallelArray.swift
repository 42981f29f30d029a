import TensorEngine

/// Arrays built by all threads, in pieces that do not depend on how many threads there are.
enum ParallelArray {
  /// An array of `count` items of `each` elements, made in runs of items.
  ///
  /// - Parameter body: The elements of a run of items: `range.count * each` of them.
  static func make<Element>(
    count: Int, each: Int = 1, _ body: (Range<Int>) -> [Element]
  ) -> [Element] {
    let grain = max(1, 16_384 / max(1, each))
    let runs = (count + grain - 1) / grain
    if runs <= 1 { return count > 0 ? body(0..<count) : [] }
    let parts = Parallel.map(runs) { run in body(run * grain..<min(count, (run + 1) * grain)) }
    var result: [Element] = []
    result.reserveCapacity(count * each)
    for part in parts { result.append(contentsOf: part) }
    return result
  }
}
