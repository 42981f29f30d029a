import Denoise
import TensorEngine
import Testing

/// Noise that neighbours share: how it is found, and block matching that knows of it.
@Suite struct NoiseCorrelationTests {
  /// Stripes of three brightnesses.
  private static func truth(_ shape: [Int]) throws -> Image {
    let values = (0..<shape.product).map { Float($0 % shape[shape.count - 1] / 24 % 3 * 60) }
    return try Image(Tensor(values, shape: shape), axes: shape.count == 2 ? "YX" : "ZYX")
  }

  @Test func whiteNoiseIsNotShared() throws {
    for shape in [[128, 128], [32, 32, 32]] {
      let noisy = try GaussianNoise(sigma: 20).applied(
        to: NoiseCorrelationTests.truth(shape), seed: 3)
      #expect(try NoiseCorrelation(of: [noisy]) == nil)
    }
  }

  /// The coefficients are those of the filter that blurred the noise.
  @Test(arguments: [[192, 192], [48, 48, 48]]) func blurredNoiseIsFound(_ shape: [Int]) throws {
    let noisy = try CorrelatedNoise(sigma: 20, radius: 0.6).applied(
      to: NoiseCorrelationTests.truth(shape), seed: 4)
    let found = try #require(try NoiseCorrelation(of: [noisy]))
    let taps = (-2...2).map { Elementary.exp(-0.5 * Double($0 * $0) / 0.36) }
    let power = taps.reduce(0) { $0 + $1 * $1 }
    #expect(found.coefficients.count == shape.count)
    for axis in found.coefficients {
      for distance in 1...2 {
        let wanted = zip(taps, taps.dropFirst(distance)).reduce(0) { $0 + $1.0 * $1.1 } / power
        #expect(abs(axis[distance - 1] - wanted) < 0.08, "\(distance)")
      }
    }
    let curve = try #require(
      try NoiseCurve(of: [noisy], guides: [NoiseCorrelationTests.truth(shape)]))
    #expect(curve.correlation == found)
    #expect(abs(curve.typical / 20 - 1) < 0.15)
    #expect(NoiseCurve(curve.description) == curve)
  }

  /// What goes on and on alike is signal.
  @Test(arguments: [0.2, 0.35, 0.8, 1.6]) func wavesAreNotNoise(_ frequency: Double) throws {
    let shape = [128, 128]
    let waves = (0..<shape.product).map { index in
      let (row, column) = (Double(index / 128), Double(index % 128))
      return 10 * Float(Elementary.sin(frequency * row) * Elementary.sin(frequency * column))
    }
    let noisy = try GaussianNoise(sigma: 3).applied(
      to: Image(Tensor(waves, shape: shape), axes: "YX"), seed: 7)
    #expect(try NoiseCorrelation(of: [noisy]) == nil)
  }

  /// Noise that is alike along one axis only.
  @Test func axesAreToldApart() throws {
    let shape = [160, 160]
    var stream = RandomStream(seed: 2, purpose: .noise)
    let white = (0..<shape.product).map { _ in stream.normal() }
    let half = Float(0.5).squareRoot()
    let values = white.indices.map { 50 + 10 * half * (white[$0] + white[max(0, $0 - 1)]) }
    let found = try #require(
      try NoiseCorrelation(of: [Image(Tensor(values, shape: shape), axes: "YX")]))
    #expect(abs(found.coefficients[0][0]) < 0.08)
    #expect(abs(found.coefficients[1][0] - 0.5) < 0.08)
    #expect(abs(found.coefficients[1][1]) < 0.08)
  }

  @Test func whatIsNoCorrelationIsRefused() {
    #expect(NoiseCorrelation(coefficients: []) == nil)
    #expect(NoiseCorrelation(coefficients: [[]]) == nil)
    #expect(NoiseCorrelation(coefficients: [[1.5]]) == nil)
    for text in ["", "x", "0.5:x", "2"] { #expect(NoiseCorrelation(text) == nil) }
    #expect(NoiseCurve("1:2|x") == nil)
  }

  /// Of signals nothing is said: what is smooth in them is alike among neighbours itself.
  @Test func signalsAreLeftAlone() throws {
    let shape = [4096]
    let noisy = try CorrelatedNoise(sigma: 5, radius: 1).applied(
      to: Image(Tensor(repeating: 50, shape: shape), axes: "X"), seed: 9)
    #expect(try NoiseCorrelation(of: [noisy]) == nil)
    let data = try TrainingData(images: [noisy])
    let options = try #require(Method.named("auto")).options(Method.Subject(data))
    #expect(options.mask?.description.hasPrefix("bernoulli") == true)
  }

  /// Small images say nothing, and nothing breaks.
  @Test func smallImagesSayNothing() throws {
    for shape in [[4, 4], [16, 16], [2, 40]] {
      let noisy = try GaussianNoise(sigma: 1).applied(
        to: Image(Tensor(repeating: 1, shape: shape), axes: "YX"), seed: 1)
      #expect(try NoiseCorrelation(of: [noisy]) == nil)
    }
  }

  /// Told of it, block matching is better than at any strength for white noise.
  @Test(arguments: [[96, 96], [32, 32, 32]]) func blockMatchingKnowsOfIt(_ shape: [Int]) throws {
    let truth = try NoiseCorrelationTests.truth(shape)
    let noisy = try CorrelatedNoise(sigma: 25, radius: 0.6).applied(to: truth, seed: 5)
    func error(_ settings: [String: Double]) throws -> Double {
      try Metrics.mse(BM3DFilter(settings).denoised(noisy).tensor, truth: truth.tensor)
    }
    let white = try [25.0, 35, 50].map { try error(["sigma": $0]) }.min() ?? 0
    #expect(try error(["sigma": 25, "correlation": 0.37]) < white)
    #expect(try error(["sigma": 25, "correlation": 0]) == error(["sigma": 25]))
  }

  /// Told nothing, block matching estimates what is shared with the strength.
  @Test func blockMatchingEstimatesIt() throws {
    let truth = try NoiseCorrelationTests.truth([96, 96])
    let noisy = try CorrelatedNoise(sigma: 25, radius: 0.6).applied(to: truth, seed: 5)
    func error(_ filter: BM3DFilter) throws -> Double {
      try Metrics.mse(filter.denoised(noisy).tensor, truth: truth.tensor)
    }
    let told = try error(BM3DFilter(["sigma": 25, "correlation": 0.37]))
    #expect(try error(BM3DFilter()) < 1.2 * told)
  }

  /// What is picked without truth is what truth picks, or its neighbour.
  @Test(arguments: [
    ("gaussian_filter", "sigma", [0.4, 0.6, 0.9, 1.3, 2.0]),
    ("median_filter", "radius", [1, 2, 3, 4]),
    ("tv_filter", "weight", [10, 20, 40, 80, 160]),
    ("nlm_filter", "h", [10, 20, 30, 45, 70]),
    ("wavelet_filter", "sigma", [10, 20, 30, 45, 70]),
    ("bm3d_filter", "sigma", [15, 25, 40, 60]),
  ]) func calibrationKnowsOfIt(_ name: String, _ parameter: String, _ values: [Double]) throws {
    let truth = try Sample.named("cells").images(size: [160], seed: 1)[0]
    let noisy = try CorrelatedNoise(sigma: 25, radius: 0.8).applied(to: truth, seed: 8)
    let denoiser = try Denoisers.named(name).init([:])
    let errors = try values.map {
      try Metrics.mse(denoiser.with([parameter: $0]).denoised(noisy).tensor, truth: truth.tensor)
    }
    let best = try #require(errors.indices.min { errors[$0] < errors[$1] })
    let found = try Calibration(of: denoiser, on: noisy, over: [.init(parameter, values)])
    let picked = try #require(
      found.trials.indices.min { found.trials[$0].loss < found.trials[$1].loss })
    #expect(abs(picked - best) <= 1, "\(found.denoiser), by truth \(values[best])")
  }

  /// What neighbours share can be drawn anew; where that is not done, `auto` hides boxes.
  @Test func theDefaultRecipeKnowsOfIt() throws {
    let truth = try NoiseCorrelationTests.truth([96, 96])
    let many = try Image(
      Tensor((0..<5).flatMap { _ in truth.tensor.values }, shape: [5, 96, 96]), axes: "CYX")
    let auto = try #require(Method.named("auto"))
    let noise = try CorrelatedNoise(sigma: 25, radius: 0.8)
    for (image, name) in [(truth, "recorrupt"), (many, "blindspot")] {
      let noisy = try noise.applied(to: image, seed: 6)
      let options = try auto.options(Method.Subject(TrainingData(images: [noisy])))
      #expect(options.mask?.description.hasPrefix(name) == true)
    }
  }
}
