import Denoise
import TensorEngine
import Testing

/// Values of scikit-image and NumPy, made by `Tests/Tools/denoise_metrics.py`.
@Suite struct MetricTests {
  struct Expected: Sendable {
    let shape: [Int]
    let psnr, ssim, euclidean, minmax, mean, xcorr, snr, sigma: Double
    let histogram: [Int]
    let std, median: Double
  }

  static let expected = [
    Expected(
      shape: [24, 31], psnr: 23.370478785431818, ssim: 0.850744193681655,
      euclidean: 0.15871465735675483, minmax: 0.10843290307307947, mean: 0.17005961335544253,
      xcorr: 0.9146539924959272, snr: 15.987659272656348, sigma: 12.210078255396448,
      histogram: [35, 82, 158, 186, 159, 93, 31], std: 42.7931815270552,
      median: 102.89134216308594),
    Expected(
      shape: [10, 12, 13], psnr: 23.365292533686805, ssim: 0.9101471831030795,
      euclidean: 0.1278662519754385, minmax: 0.08791202039589752, mean: 0.1340404619795869,
      xcorr: 0.9226383337439846, snr: 17.864881292254527, sigma: 0.5783558706245349,
      histogram: [29, 150, 294, 432, 397, 212, 46], std: 44.83783761213686,
      median: 130.84542083740234),
    Expected(
      shape: [40], psnr: 23.3422252120946, ssim: 0.5862539678721751,
      euclidean: 0.16562201708250296, minmax: 0.21751520817072537, mean: 0.17220017785383793,
      xcorr: 0.8466363596327235, snr: 15.617638627428875, sigma: 2.9216039087350496,
      histogram: [6, 3, 3, 8, 14, 2, 4], std: 32.5104951869954, median: 107.53036880493164),
  ]

  /// The picture that `Tests/Tools/denoise_metrics.py` makes.
  static func pair(_ shape: [Int]) throws -> (image: Image, truth: Image) {
    let strides = shape.strides
    let truth = (0..<shape.product).map { index in
      shape.indices.reduce(100.0) { sum, axis in
        let place = Double(index / strides[axis] % shape[axis])
        return sum + 40 * Elementary.sin(0.3 * Double(axis + 1) * place)
      }
    }
    let noisy = truth.indices.map { index in
      truth[index] + 60 * (Double((index * 7919 + 104_729) % 1009) / 1009 - 0.5)
    }
    return (
      try Image(Tensor(noisy.map { Float($0) }, shape: shape)),
      try Image(Tensor(truth.map { Float($0) }, shape: shape))
    )
  }

  @Test(arguments: expected)
  func measuresAgreeWithTheReference(expected: Expected) throws {
    let (image, truth) = try MetricTests.pair(expected.shape)
    let (a, b) = (image.tensor, truth.tensor)
    #expect(abs(try Metrics.psnr(a, truth: b, peak: 255) - expected.psnr) < 1e-4)
    #expect(abs(try Metrics.ssim(image, truth: truth, peak: 255) - expected.ssim) < 1e-6)
    #expect(abs(try Metrics.nrmse(a, truth: b) - expected.euclidean) < 1e-6)
    #expect(abs(try Metrics.nrmse(a, truth: b, by: .minmax) - expected.minmax) < 1e-6)
    #expect(abs(try Metrics.nrmse(a, truth: b, by: .mean) - expected.mean) < 1e-6)
    #expect(abs(try Metrics.xcorr(a, b) - expected.xcorr) < 1e-6)
    #expect(abs(try Metrics.snr(a, truth: b) - expected.snr) < 1e-4)
    #expect(abs(try Metrics.noiseLevel(of: image) - expected.sigma) < 1e-4)
    #expect(try Histogram(of: a, bins: 7).counts == expected.histogram)
    let found = try ImageStatistics(of: a)
    #expect(abs(found.std - expected.std) < 1e-4)
    #expect(abs(found.median - expected.median) < 1e-4)
  }

  @Test func equalImagesAreAsGoodAsCanBe() throws {
    let (image, truth) = try MetricTests.pair([24, 31])
    #expect(try Metrics.psnr(truth.tensor, truth: truth.tensor, peak: 255) == .infinity)
    #expect(abs(try Metrics.ssim(truth, truth: truth) - 1) < 1e-12)
    #expect(try Metrics.nrmse(truth.tensor, truth: truth.tensor) == 0)
    #expect(try Metrics.ssim(image, truth: truth) < 1)
  }

  @Test func channelsAreAveraged() throws {
    let (image, truth) = try MetricTests.pair([24, 31])
    let two = { (image: Image) in
      try Image(
        Tensor(image.tensor.values + image.tensor.values, shape: [2, 24, 31]), axes: "CYX")
    }
    let one = try Metrics.ssim(image, truth: truth, peak: 255)
    #expect(abs(try Metrics.ssim(two(image), truth: two(truth), peak: 255) - one) < 1e-9)
    let level = try Metrics.noiseLevel(of: image)
    #expect(abs(try Metrics.noiseLevel(of: two(image)) - level) < 1e-9)
  }

  @Test func peakFollowsTheStoredType() throws {
    let values = try Tensor([1, 2, 11], shape: [3])
    #expect(Metrics.peak(of: try Image(values, stored: .uint8)) == 255)
    #expect(Metrics.peak(of: try Image(values, stored: .uint16)) == 10)
    #expect(Metrics.peak(of: try Image(values)) == 10)
  }

  @Test func blindPSNRSubtractsTheNoise() throws {
    let blind = try #require(Metrics.blindPSNR(selfLoss: 725, noiseVariance: 625, peak: 255))
    #expect(abs(blind - 28.1308) < 1e-3)
    #expect(Metrics.blindPSNR(selfLoss: 600, noiseVariance: 625, peak: 255) == nil)
  }

  @Test func noiseLevelFindsTheNoise() throws {
    let images = try Sample.named("cells").images(noise: GaussianNoise(sigma: 25), seed: 1)
    #expect(abs(try Metrics.noiseLevel(of: images[0]) - 25) < 1)
  }

  @Test func statisticsLeaveOutWhatIsNoNumber() throws {
    let found = try ImageStatistics(of: Tensor([1, .nan, 3, .infinity], shape: [4]))
    #expect(found.count == 4 && found.invalid == 2 && found.mean == 2 && found.std == 1)
    #expect(throws: DenoiseError.self) { try ImageStatistics(of: Tensor([.nan], shape: [1])) }
    let histogram = try Histogram(of: Tensor([1, .nan, 3, .infinity], shape: [4]), bins: 2)
    #expect(histogram.counts == [1, 1] && histogram.edges == [1, 2, 3])
  }

  @Test func imagesThatDoNotFitAreRefused() throws {
    let (a, b) = (try MetricTests.pair([24, 31]).image, try MetricTests.pair([40]).image)
    #expect(throws: DenoiseError.self) { try Metrics.mse(a.tensor, truth: b.tensor) }
    #expect(throws: DenoiseError.self) { try Metrics.ssim(b, truth: b, peak: 1, window: 41) }
    #expect(throws: DenoiseError.self) { try Metrics.ssim(b, truth: b, peak: 1, window: 4) }
    #expect(throws: DenoiseError.self) { try Metrics.psnr(a.tensor, truth: a.tensor, peak: 0) }
    #expect(throws: DenoiseError.self) { try Histogram(of: a.tensor, bins: 0) }
    let constant = try Image(Tensor(repeating: 1, shape: [20, 20]))
    #expect(throws: DenoiseError.self) { try ResidualAutocorrelation(of: constant) }
  }
}
