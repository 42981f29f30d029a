import Denoise
import TensorEngine
import Testing

/// The strength of noise at each brightness, and denoising on a scale where it is alike.
@Suite struct NoiseCurveTests {
  /// A slope from 0 to 200 with noise whose variance is half the brightness and 1.
  static func counted(_ shape: [Int]) throws -> (noisy: Image, truth: Image) {
    var stream = RandomStream(seed: 3, purpose: .noise)
    let truth = (0..<shape.product).map { index in
      100 + 100 * Float(Elementary.sin(Double(index % shape[1]) / Double(shape[1]) * 6.28))
    }
    let noisy = truth.map { $0 + stream.normal() * (0.5 * $0 + 1).squareRoot() }
    return (try image(noisy, shape), try image(truth, shape))
  }

  private static func image(_ values: [Float], _ shape: [Int]) throws -> Image {
    try Image(Tensor(values, shape: shape), axes: "YX")
  }

  @Test func pointsAreJoinedByLines() throws {
    let curve = try #require(NoiseCurve(brightness: [10, 20, 40], deviations: [1, 3, 2]))
    #expect(curve.deviation(at: -5) == 1)
    #expect(curve.deviation(at: 10) == 1)
    #expect(curve.deviation(at: 15) == 2)
    #expect(curve.deviation(at: 30) == 2.5)
    #expect(curve.deviation(at: 400) == 2)
    #expect(curve.typical == 2)
    #expect(curve.range == 3)
    #expect(NoiseCurve(constant: 4).deviation(at: 1e9) == 4)
    #expect(NoiseCurve(curve.description) == curve)
  }

  @Test func whatIsNoCurveIsRefused() {
    #expect(NoiseCurve(brightness: [], deviations: []) == nil)
    #expect(NoiseCurve(brightness: [2, 1], deviations: [1, 1]) == nil)
    #expect(NoiseCurve(brightness: [1, 2], deviations: [1, 0]) == nil)
    #expect(NoiseCurve(brightness: [1], deviations: [.nan]) == nil)
    for text in ["", "1", "1:2:3", "1:x", "2:1;1:1"] { #expect(NoiseCurve(text) == nil) }
  }

  @Test func theCurveIsFoundAtFlatPlaces() throws {
    let (noisy, truth) = try NoiseCurveTests.counted([256, 256])
    let curve = try #require(try NoiseCurve(of: [noisy], guides: [truth]))
    #expect(curve.brightness.count > 8)
    for value in stride(from: 20.0, through: 180, by: 20) {
      let wanted = (0.5 * value + 1).squareRoot()
      #expect(abs(curve.deviation(at: value) / wanted - 1) < 0.12, "\(value)")
    }
  }

  /// Edges are no noise: the estimate keeps away from them.
  @Test func edgesAreNotTakenForNoise() throws {
    var stream = RandomStream(seed: 5, purpose: .noise)
    let truth = (0..<128 * 128).map { index -> Float in
      let edges = index / 8 % 2 + index / 1024 % 2
      return Float(edges) * 50
    }
    let noisy = try NoiseCurveTests.image(truth.map { $0 + 2 * stream.normal() }, [128, 128])
    let guide = try NoiseCurveTests.image(truth, [128, 128])
    let curve = try #require(try NoiseCurve(of: [noisy], guides: [guide]))
    #expect(abs(curve.typical - 2) < 0.3)
  }

  /// A guide that lost the texture of half of the picture is as flat there as elsewhere.
  @Test func textureThatAGuideLostIsNotTakenForNoise() throws {
    var stream = RandomStream(seed: 6, purpose: .noise)
    let truth = (0..<128 * 128).map { index -> Float in
      let (row, column) = (index / 128, index % 128)
      return column < 64 ? 50 : 50 + 20 * Float((row / 2 + column / 3) % 2 * 2 - 1)
    }
    let noisy = try NoiseCurveTests.image(truth.map { $0 + 2 * stream.normal() }, [128, 128])
    let guide = try NoiseCurveTests.image(
      [Float](repeating: 50, count: 128 * 128).map { $0 + 0.01 * stream.normal() }, [128, 128])
    let curve = try #require(try NoiseCurve(of: [noisy], guides: [guide]))
    #expect(abs(curve.typical - 2) < 0.3)
  }

  @Test func imagesWithoutNoiseHaveNone() throws {
    let even = try NoiseCurveTests.image([Float](repeating: 7, count: 64), [8, 8])
    #expect(try NoiseCurve(of: [even], guides: [even]) == nil)
    #expect(try NoiseCurve(of: [even]) == nil)
  }

  /// On the new scale noise is of strength 1, and means come back as they were.
  @Test func stabilisedNoiseIsAlike() throws {
    let points = stride(from: 0.0, through: 60, by: 2).map { $0 }
    let curve = try #require(
      NoiseCurve(brightness: points, deviations: points.map { ($0 + 1).squareRoot() }))
    let scale = VarianceStabilization(curve, range: -10...90)
    var stream = RandomStream(seed: 9, purpose: .noise)
    for truth in [Float(8), 20, 45] {
      let strength = (truth + 1).squareRoot()
      let noisy = (0..<40_000).map { _ in truth + stream.normal() * strength }
      let even = scale.applied(to: noisy).map(Double.init)
      let mean: Double = even.reduce(0, +) / Double(even.count)
      let squares: [Double] = even.map { ($0 - mean) * ($0 - mean) }
      let deviation = (squares.reduce(0, +) / Double(even.count)).squareRoot()
      #expect(abs(deviation - 1) < 0.08, "\(truth)")
      #expect(abs(scale.undone(on: [Float(mean)])[0] - truth) < 0.15, "\(truth)")
    }
    // Beyond the range lines go on.
    for value in [Float(-30), 0, 33, 200] {
      #expect(scale.applied(to: [value])[0].isFinite)
      #expect(scale.undone(on: [value])[0].isFinite)
    }
  }
}
