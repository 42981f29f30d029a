import Graphics
import TensorEngine
import Testing

@Suite struct ContrastTests {
  @Test func bytesStayThemselves() throws {
    let window = try Contrast.automatic.window(of: [3, 7], stored: .uint8)
    for value in 0...255 { #expect(window.shade(Float(value), top: 255) == value) }
  }

  @Test func roundsToTheNearestAndClips() {
    let window = Window(low: -1, high: 1)
    #expect(window.shade(-1, top: 255) == 0)
    #expect(window.shade(0, top: 255) == 128)
    #expect(window.shade(0.999, top: 255) == 255)
    #expect(window.shade(-7, top: 255) == 0)
    #expect(window.shade(.infinity, top: 255) == 255)
    #expect(window.shade(-.infinity, top: 255) == 0)
    #expect(window.shade(.nan, top: 255) == nil)
  }

  @Test func aFallingRangeInverts() throws {
    let window = try Contrast.range(10, 0).window(of: [], stored: .float32)
    #expect(window.shade(10, top: 255) == 0)
    #expect(window.shade(0, top: 255) == 255)
    #expect(window.shade(2.5, top: 200) == 150)
  }

  @Test func badBoundsAreErrors() {
    #expect(throws: GraphicsError.self) {
      try Contrast.range(2, 2).window(of: [1], stored: .float32)
    }
    #expect(throws: GraphicsError.self) {
      try Contrast.percentile(-1, 99).window(of: [1], stored: .float32)
    }
  }

  @Test func aConstantImageIsMidGrey() throws {
    let window = try Contrast.automatic.window(of: [4, 4, 4], stored: .float32)
    #expect(window.shade(4, top: 255) == 128)
  }

  @Test func aSparseMaskShowsItsExtremes() throws {
    let values = [Float](repeating: 0, count: 999) + [1]
    #expect(try Contrast.automatic.window(of: values, stored: .float32) == Window(low: 0, high: 1))
  }

  /// Against the definition by sorting (NumPy's `percentile`, linear).
  @Test func percentilesAreExact() throws {
    let values = (0..<1013).map { (i: Int) -> Float in
      Float((i * 7919) % 1013) - 500 + Float(i % 3) / 7
    }
    let sorted = values.sorted().map(Double.init)
    for percent in [0.0, 0.5, 1, 25, 50, 66.6, 99, 100] {
      let place = percent / 100 * Double(sorted.count - 1)
      let low = Int(place)
      let high = min(low + 1, sorted.count - 1)
      let wanted = sorted[low] + (sorted[high] - sorted[low]) * (place - Double(low))
      let got = try #require(Percentile.of(values, [percent]))[0]
      #expect(abs(got - wanted) < 1e-9, "percentile \(percent)")
    }
  }

  @Test func percentilesLeaveOutWhatIsNotFinite() {
    #expect(Percentile.of([.nan, 2, .infinity, 4], [50]) == [3])
    #expect(Percentile.of([.nan], [50]) == nil)
  }
}
