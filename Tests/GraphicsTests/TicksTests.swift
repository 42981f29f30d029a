import Graphics
import Testing

@Suite struct TicksTests {
  private func labels(_ ticks: Ticks) -> [String] { ticks.major.map(\.label) }

  @Test func roundSteps() {
    #expect(labels(.linear(from: 0, to: 10)) == ["0", "2", "4", "6", "8", "10"])
    #expect(labels(.linear(from: 0, to: 1)) == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"])
    #expect(labels(.linear(from: -1, to: 1, about: 4)) == ["−1.0", "−0.5", "0.0", "0.5", "1.0"])
    #expect(labels(.linear(from: 28.3, to: 29.1, about: 4)) == ["28.4", "28.6", "28.8", "29.0"])
  }

  @Test func marksLieInsideAndAreNearTheWantedCount() {
    for (low, high) in [(0.0, 7.3), (-3e-3, 2e-3), (1e6, 1.2e6), (-250.0, -10)] {
      for about in 3...8 {
        let ticks = Ticks.linear(from: low, to: high, about: about)
        #expect(ticks.major.allSatisfy { (low...high).contains($0.value) })
        #expect(ticks.major.count >= about / 2 && ticks.major.count <= 2 * about)
      }
    }
  }

  @Test func largeAndSmallNumbersShareAPower() {
    let large = Ticks.linear(from: 0, to: 2e6)
    #expect(large.exponent == 6)
    #expect(labels(large) == ["0.0", "0.5", "1.0", "1.5", "2.0"])
    #expect(Ticks.linear(from: 0, to: 4e-5).exponent == -5)
    #expect(Ticks.linear(from: 0, to: 5000).exponent == 0)
  }

  @Test func decades() {
    let ticks = Ticks.logarithmic(from: 0.005, to: 2e4)
    #expect(
      labels(ticks)
        == ["0.01", "0.1", "1", "10", "100", "1000", "10⁴"].enumerated().filter {
          $0.offset % 2 == 0
        }.map(\.element))
    let narrow = Ticks.logarithmic(from: 0.5, to: 200)
    #expect(labels(narrow) == ["1", "10", "100"])
    #expect(narrow.minor.contains(0.5) && narrow.minor.contains(200) && narrow.minor.contains(30))
    #expect(!narrow.minor.contains(10))
  }

  @Test func lessThanTwoDecades() {
    #expect(labels(.logarithmic(from: 1.5, to: 60)) == ["2", "5", "10", "20", "50"])
    #expect(labels(.logarithmic(from: 3, to: 4)).count >= 3)
  }

  @Test func rangesThatAreNoneHaveNoTicks() {
    #expect(Ticks.linear(from: 1, to: 1).major.isEmpty)
    #expect(Ticks.linear(from: 0, to: .infinity).major.isEmpty)
    #expect(Ticks.logarithmic(from: 0, to: 10).major.isEmpty)
  }
}
