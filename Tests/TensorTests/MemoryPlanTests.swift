import TensorEngine
import Testing

@Suite struct MemoryPlanTests {
  @Test(arguments: 0..<50)
  func livePlacesNeverOverlap(seed: Int) {
    var stream = RandomStream(seed: UInt64(seed), purpose: .sample)
    var plan = MemoryPlan()
    var live: [Range<Int>] = []
    for _ in 0..<400 {
      if stream.bernoulli(0.45), !live.isEmpty {
        let gone = live.remove(at: stream.int(below: live.count))
        plan.giveBack(gone.lowerBound, gone.count)
      } else {
        let count = stream.int(below: 200)
        let start = plan.take(count)
        let place = start..<start + max(1, count)
        #expect(start % MemoryPlan.alignment == 0)
        #expect(place.upperBound <= plan.size)
        #expect(!live.contains { $0.overlaps(place) })
        live.append(place)
      }
    }
  }

  /// When all is given back, the whole arena is one gap again.
  @Test func gapsJoin() {
    var plan = MemoryPlan()
    let places = [100, 7, 64, 33].map { (plan.take($0), $0) }
    let size = plan.size
    for index in [1, 3, 0, 2] { plan.giveBack(places[index].0, places[index].1) }
    #expect(plan.take(size) == 0)
    #expect(plan.size == size)
  }

  @Test func smallestGapThatFitsIsTaken() {
    var plan = MemoryPlan()
    let large = plan.take(160)
    _ = plan.take(16)
    let small = plan.take(32)
    _ = plan.take(16)
    plan.giveBack(large, 160)
    plan.giveBack(small, 32)
    #expect(plan.take(20) == small)
    #expect(plan.take(20) == large)
  }

  /// A gap at the end grows rather than being left behind.
  @Test func lastGapGrows() {
    var plan = MemoryPlan()
    let first = plan.take(16)
    let last = plan.take(16)
    plan.giveBack(last, 16)
    #expect(plan.take(48) == last)
    #expect(plan.size == first + 64)
  }
}
