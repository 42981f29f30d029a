/// Places for the results of a plan in one arena: a place is taken when its node is computed and
/// given back after its last reader, so that later nodes lie where earlier ones were.
package struct MemoryPlan {
  /// Numbers at which every place starts: 64 bytes.
  package static let alignment = 16

  /// Numbers of the arena.
  package private(set) var size = 0
  private var free: [Range<Int>] = []  // in order, never touching

  package init() {}

  /// The start of `count` numbers, from the smallest gap that holds them, else at the end.
  package mutating func take(_ count: Int) -> Int {
    let count = MemoryPlan.rounded(count)
    let fitting = free.indices.filter { free[$0].count >= count }
    if let gap = fitting.min(by: { free[$0].count < free[$1].count }) {
      let start = free[gap].lowerBound
      free[gap] = start + count..<free[gap].upperBound
      if free[gap].isEmpty { free.remove(at: gap) }
      return start
    }
    if let last = free.last, last.upperBound == size {
      free.removeLast()
      size = last.lowerBound + count
      return last.lowerBound
    }
    size += count
    return size - count
  }

  /// Ends the use of a place that `take(count)` gave.
  package mutating func giveBack(_ start: Int, _ count: Int) {
    var range = start..<start + MemoryPlan.rounded(count)
    let at = free.firstIndex { $0.lowerBound > start } ?? free.count
    var lower = at
    var upper = at
    if at > 0, free[at - 1].upperBound == range.lowerBound {
      range = free[at - 1].lowerBound..<range.upperBound
      lower = at - 1
    }
    if at < free.count, free[at].lowerBound == range.upperBound {
      range = range.lowerBound..<free[at].upperBound
      upper = at + 1
    }
    free.replaceSubrange(lower..<upper, with: [range])
  }

  private static func rounded(_ count: Int) -> Int {
    max(1, count).roundedUp(toMultipleOf: alignment)
  }
}
