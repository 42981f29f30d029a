import TensorEngine
import Testing

@Suite struct ParallelTests {
  @Test(arguments: [0, 1, 2, 3, 1000])
  func everyIndexOnce(count: Int) {
    let seen = Counts(count)
    Parallel.forEach(count) { seen.add(at: $0) }
    #expect(seen.values.allSatisfy { $0 == 1 })
  }

  @Test(arguments: [(0, 5), (1, 5), (10, 5), (11, 5), (11, 100), (7, 1), (7, 0)])
  func rangesCoverOnce(count: Int, grain: Int) {
    let seen = Counts(count)
    Parallel.forRanges(count, grain: grain) { range in
      for index in range { seen.add(at: index) }
      if range.count > max(1, grain) { seen.add(at: range.lowerBound) }
    }
    #expect(seen.values.allSatisfy { $0 == 1 })
  }

  @Test func nestedWorkIsDone() {
    let seen = Counts(20 * 30)
    Parallel.forEach(20) { outer in
      Parallel.forEach(30) { inner in seen.add(at: outer * 30 + inner) }
    }
    #expect(seen.values.allSatisfy { $0 == 1 })
  }

  @Test func mapKeepsTheOrder() {
    #expect(Parallel.map(500) { "\($0)" } == (0..<500).map { "\($0)" })
    #expect(Parallel.map(0) { $0 }.isEmpty)
    #expect(Parallel.map(-1) { $0 }.isEmpty)
  }

  @Test func manyRoundsReuseTheThreads() {
    let seen = Counts(64)
    for _ in 0..<2000 { Parallel.forEach(64) { seen.add(at: $0) } }
    #expect(seen.values.allSatisfy { $0 == 2000 })
  }

  /// Several callers at once: one has the pool, the others do their work themselves.
  @Test func callersFromManyTasks() async {
    let sums = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<8 {
        group.addTask {
          (0..<200).reduce(0) { total, _ in total + Parallel.map(40) { $0 }.reduce(0, +) }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(sums == Array(repeating: 200 * 780, count: 8))
  }

  /// Counts that bodies add to; each index belongs to one body at a time.
  private final class Counts: @unchecked Sendable {
    private let cells: UnsafeMutableBufferPointer<Int>
    init(_ count: Int) {
      cells = .allocate(capacity: count)
      cells.initialize(repeating: 0)
    }
    deinit { cells.deallocate() }
    func add(at index: Int) { cells[index] += 1 }
    var values: [Int] { Array(cells) }
  }
}
