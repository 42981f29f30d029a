import TensorEngine
import Testing

@Suite struct RandomStreamTests {
  /// Known answers of Random123 (kat_vectors, philox4x32 10).
  @Test func philoxGivesTheKnownAnswers() {
    let ones = UInt32.max
    #expect(
      RandomStream.philox(counter: (0, 0, 0, 0), key: (0, 0))
        == (0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8))
    #expect(
      RandomStream.philox(counter: (ones, ones, ones, ones), key: (ones, ones))
        == (0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD))
    #expect(
      RandomStream.philox(
        counter: (0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344),
        key: (0xA409_3822, 0x299F_31D0))
        == (0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1))
  }

  /// What a kernel draws from the words, block after block, is what the stream gives.
  @Test func wordsNameTheStream() {
    var stream = RandomStream(seed: 3, purpose: .dropout, epoch: 2)
    let words = stream.words
    for block in UInt32(0)..<3 {
      let expected = RandomStream.philox(
        counter: (block, 0, words.2, words.3), key: (words.0, words.1))
      #expect((stream.next(), stream.next(), stream.next(), stream.next()) == expected)
    }
  }

  @Test func sameNameSameNumbers() {
    var first = RandomStream(seed: 5, purpose: .noise, epoch: 1, step: 2, sample: 3)
    var second = RandomStream(seed: 5, purpose: .noise, epoch: 1, step: 2, sample: 3)
    let numbers = (0..<100).map { _ in first.next() }
    #expect(numbers == (0..<100).map { _ in second.next() })
  }

  /// Streams whose names differ in one part have nothing in common.
  @Test func namesTellStreamsApart() {
    let names: [RandomStream] = [
      .init(seed: 1, purpose: .noise), .init(seed: 2, purpose: .noise),
      .init(seed: 1, purpose: .mask), .init(seed: 1, purpose: .noise, epoch: 1),
      .init(seed: 1, purpose: .noise, step: 1), .init(seed: 1, purpose: .noise, sample: 1),
      .init(seed: 1, purpose: .noise, epoch: 1, step: 1), .init(seed: .max, purpose: .noise),
      .init(seed: 1, purpose: .noise, sample: -1),
    ]
    let count = 4096
    let drawn = names.map { name in
      var stream = name
      return (0..<count).map { _ in Double(stream.uniform()) - 0.5 }
    }
    for i in drawn.indices {
      for j in drawn.indices where j > i {
        let products = zip(drawn[i], drawn[j]).map(*)
        let correlation = products.reduce(0, +) * 12 / Double(count)
        #expect(abs(correlation) < 5 / Double(count).squareRoot(), "streams \(i) and \(j)")
      }
    }
  }

  @Test func uniformHasItsMoments() {
    var stream = RandomStream(seed: 1, purpose: .sample)
    let numbers = (0..<200_000).map { _ in Double(stream.uniform()) }
    #expect(numbers.allSatisfy { 0 <= $0 && $0 < 1 })
    let mean = numbers.reduce(0, +) / 200_000
    let variance = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 200_000
    #expect(abs(mean - 0.5) < 0.003)
    #expect(abs(variance - 1.0 / 12) < 0.001)
    #expect((0..<1000).allSatisfy { _ in (-3...5).contains(stream.uniform(-3...5)) })
  }

  @Test func normalHasItsMoments() {
    var stream = RandomStream(seed: 1, purpose: .noise)
    let count = 200_000.0
    let numbers = (0..<Int(count)).map { _ in Double(stream.normal()) }
    let moments = (1...4).map { power in
      numbers.reduce(0) { sum, x in sum + (0..<power).reduce(1) { product, _ in product * x } }
        / count
    }
    #expect(abs(moments[0]) < 0.01)
    #expect(abs(moments[1] - 1) < 0.015)
    #expect(abs(moments[2]) < 0.04)
    #expect(abs(moments[3] - 3) < 0.12)
    let within = numbers.count { abs($0) < 1 }
    #expect(abs(Double(within) / count - 0.6827) < 0.005)
    let neighbours = zip(numbers, numbers.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 } / count
    #expect(abs(neighbours) < 0.012)
  }

  @Test(arguments: [1, 2, 3, 7, 10, 1000, 1 << 31, Int(UInt32.max), 1 << 40])
  func wholeNumbersStayBelowTheBound(bound: Int) {
    var stream = RandomStream(seed: 4, purpose: .order)
    let drawn = (0..<2000).map { _ in stream.int(below: bound) }
    #expect(drawn.allSatisfy { 0 <= $0 && $0 < bound })
    #expect(Set(drawn).count > min(bound, 2000) / 2)
    let mean = drawn.reduce(0.0) { $0 + Double($1) } / 2000 / Double(max(1, bound - 1))
    #expect(bound == 1 || abs(mean - 0.5) < 0.04)
  }

  @Test func boundsWithoutAChoiceGiveZero() {
    var stream = RandomStream(seed: 4, purpose: .order)
    #expect([1, 0, -5].allSatisfy { stream.int(below: $0) == 0 })
  }

  @Test func wholeNumbersAreEven() {
    var stream = RandomStream(seed: 9, purpose: .order)
    var counts = [Int](repeating: 0, count: 6)
    for _ in 0..<60_000 { counts[stream.int(below: 6)] += 1 }
    let chiSquare = counts.reduce(0.0) { $0 + (Double($1) - 10_000) * (Double($1) - 10_000) / 1e4 }
    #expect(chiSquare < 20.5)  // 99.9 % of five degrees of freedom
  }

  @Test func permutationHoldsEveryIndexOnce() {
    var stream = RandomStream(seed: 2, purpose: .order)
    let order = stream.permutation(100)
    #expect(order.sorted() == Array(0..<100))
    #expect(order != Array(0..<100))
    #expect(stream.permutation(0).isEmpty)
    #expect(stream.permutation(-1).isEmpty)
  }

  @Test func dropoutKeepsItsShareAndItsMean() throws {
    let graph = Graph()
    let ones = try graph.constant(1).broadcast(to: [100_000])
    let mask = try ones.dropout(probability: 0.3, number: 1)
    let other = try ones.dropout(probability: 0.3, number: 2)
    let plan = try Plan(graph, outputs: [mask, other], inputs: [])
    let first = try plan.run([], moment: Moment(seed: 1, epoch: 0, step: 0))
    let kept = first[0].values.filter { $0 != 0 }
    #expect(kept.allSatisfy { $0 == Float(1 / 0.7) })
    #expect(abs(Double(kept.count) / 100_000 - 0.7) < 0.006)
    #expect(first[0] != first[1])
    #expect(try plan.run([], moment: Moment(seed: 1, epoch: 0, step: 0)) == first)
    for moment in [Moment(seed: 2), Moment(seed: 1, epoch: 1), Moment(seed: 1, step: 1)] {
      #expect(try plan.run([], moment: moment)[0] != first[0])
    }
  }
}
