import Denoise
import TensorEngine
import Testing

@Suite struct ClassicalTests {
  /// Values of SciPy and scikit-image, made by `Tests/Tools/denoise_classical.py`.
  struct Expected: Sendable {
    let shape: [Int]
    let denoiser: @Sendable () throws -> any Denoiser
    /// At the first element, the 17th, the middle and the last.
    let values: [Double]
    let std: Double
  }

  static let expected = [
    Expected(
      shape: [24, 31], denoiser: { try GaussianFilter(["sigma": 1.2]) },
      values: [123.07640571897994, 80.16494240818554, 94.45091221035537, 80.10937430961715],
      std: 33.94251821055642),
    Expected(
      shape: [24, 31], denoiser: { try MedianFilter(["radius": 2]) },
      values: [131.17835998535156, 86.55587005615234, 97.1265869140625, 72.50621032714844],
      std: 32.64645605403704),
    Expected(
      shape: [24, 31], denoiser: { try TVFilter(["weight": 15]) },
      values: [122.75621624138661, 72.4179865787125, 91.63302380995114, 80.31393272619175],
      std: 34.72754418455824),
    Expected(
      shape: [10, 12, 13], denoiser: { try GaussianFilter(["sigma": 1.2]) },
      values: [136.8170693990985, 112.09681030519224, 162.09631970691038, 90.22395758642071],
      std: 29.166801476348063),
    Expected(
      shape: [10, 12, 13], denoiser: { try MedianFilter(["radius": 2]) },
      values: [143.89895629882812, 120.47489166259766, 173.340087890625, 88.71723937988281],
      std: 25.468608233039316),
    Expected(
      shape: [10, 12, 13], denoiser: { try TVFilter(["weight": 15]) },
      values: [130.90634425744634, 101.48154581225455, 158.4503252720493, 86.76755149249364],
      std: 33.15588015629984),
  ]

  @Test(arguments: expected.indices)
  func resultsAgreeWithTheReference(index: Int) throws {
    let expected = ClassicalTests.expected[index]
    let image = try MetricTests.pair(expected.shape).image
    let result = try expected.denoiser().denoised(image).tensor
    let places = [0, 17, result.count / 2, result.count - 1]
    for (place, value) in zip(places, expected.values) {
      #expect(abs(Double(result.values[place]) - value) < 0.01)
    }
    #expect(abs(try ImageStatistics(of: result).std - expected.std) < 0.01)
  }

  /// Least PSNR on the cells with noise of 25 (20.2 dB), with the noise level estimated.
  static let goals: [(String, Double)] = [
    ("gaussian_filter", 29.5), ("median_filter", 27), ("tv_filter", 30.5),
    ("wavelet_filter", 30.5), ("nlm_filter", 30), ("bilateral_filter", 29), ("bm3d_filter", 32),
  ]

  @Test(arguments: goals)
  func eachBeatsItsInput(name: String, goal: Double) throws {
    let images = try Sample.named("cells").images(noise: GaussianNoise(sigma: 25), seed: 1)
    let denoiser = try Denoisers.named(name).init([:])
    let clean = try denoiser.denoised(images[0])
    #expect(try Metrics.psnr(clean.tensor, truth: images[1].tensor, peak: 255) > goal)
    #expect(clean.axes == "YX" && clean.voxel == images[0].voxel)
  }

  @Test func volumesAreFilteredInFourDimensions() throws {
    let images = try Sample.named("particle").images(
      size: [40], noise: GaussianNoise(sigma: 0.1), seed: 1)
    let clean = try BM3DFilter().denoised(images[0])
    let before = try Metrics.psnr(images[0].tensor, truth: images[1].tensor, peak: 1)
    #expect(try Metrics.psnr(clean.tensor, truth: images[1].tensor, peak: 1) > before + 10)
  }

  @Test func colourIsFilteredTogether() throws {
    let images = try Sample.named("scene").images(
      size: [96], noise: GaussianNoise(sigma: 25), seed: 1)
    let denoiser = try BM3DFilter(["sigma": 25])
    let together = try denoiser.denoised(images[0])
    let apart = try denoiser.denoised(Image(images[0].tensor, axes: "SYX"))
    let psnr = { (image: Image) in
      try Metrics.psnr(image.tensor, truth: images[1].tensor, peak: 255)
    }
    #expect(try psnr(together) > psnr(apart) + 0.5)
  }

  @Test func unitsDoNotMatter() throws {
    let image = try Sample.named("cells").images(size: [48], noise: GaussianNoise(sigma: 25))[0]
    let large = try image.with(image.tensor.values.map { 64 * $0 })
    for name in ["tv_filter", "wavelet_filter", "nlm_filter", "bilateral_filter", "bm3d_filter"] {
      let denoiser = try Denoisers.named(name).init([:])
      let (a, b) = (try denoiser.denoised(image), try denoiser.denoised(large))
      let difference = zip(a.tensor.values, b.tensor.values).map { abs($0 - $1 / 64) }.max() ?? 1
      #expect(difference < 0.05, "\(name)")
    }
  }

  @Test func threadsDoNotMatter() throws {
    let threads = Parallel.threads
    defer { Parallel.threads = threads }
    let image = try Sample.named("cells").images(size: [72], noise: GaussianNoise(sigma: 25))[0]
    for type in Denoisers.all {
      let denoiser = try type.init([:])
      Parallel.threads = 1
      let one = try denoiser.denoised(image)
      Parallel.threads = 2
      #expect(try denoiser.denoised(image).tensor == one.tensor, "\(denoiser)")
    }
  }

  @Test(arguments: [[1, 1], [5, 7], [2, 30], [3, 3, 3], [2, 5, 9], [40], [1]])
  func smallImagesPass(shape: [Int]) throws {
    let image = try Image(Tensor(shape: shape) { Float($0 * 37 % 11) })
    for type in Denoisers.all {
      // What an image is too small for is said, never trapped on.
      let result = try? type.init([:]).denoised(image)
      #expect(result == nil || result?.shape == shape)
      if type.parameters.contains(where: { $0.name == "sigma" }), shape.count > 1 {
        let given = try type.init(["sigma": 2]).denoised(image)
        #expect(given.tensor.values.allSatisfy { $0.isFinite }, "\(type.name) on \(shape)")
      }
    }
  }

  @Test func elementsThatAreNoNumbersDoNotSpread() throws {
    var values = [Float](repeating: 1, count: 400)
    for index in values.indices { values[index] = Float(index * 37 % 11) }
    values[50] = .nan
    values[90] = .infinity
    let image = try Image(Tensor(values, shape: [20, 20]))
    for type in Denoisers.all where type.name != "pca_filter" {
      let clean = try type.init([:]).denoised(image)
      #expect(clean.tensor.values.allSatisfy { $0.isFinite }, "\(type.name)")
    }
  }

  @Test func aMatrixOfLowRankIsFound() throws {
    let (noisy, truth) = try ClassicalTests.matrix()
    let clean = try PCAFilter(["rank": 3]).denoised(noisy)
    let (before, after) = (
      try Metrics.nrmse(noisy.tensor, truth: truth.tensor),
      try Metrics.nrmse(clean.tensor, truth: truth.tensor)
    )
    #expect(after < 0.4 * before)
    let whole = try PCAFilter(["rank": 40]).denoised(noisy)
    #expect(try Metrics.nrmse(whole.tensor, truth: noisy.tensor) < 1e-4)
  }

  /// 60 cells x 40 genes of rank 3, with noise.
  static func matrix() throws -> (noisy: Image, truth: Image) {
    var stream = RandomStream(seed: 1, purpose: .sample)
    let left = (0..<180).map { _ in stream.normal() }
    let right = (0..<120).map { _ in stream.normal() }
    let truth = Tensor(shape: [60, 40]) { index in
      (0..<3).reduce(Float(2)) { $0 + left[index / 40 * 3 + $1] * right[$1 * 40 + index % 40] }
    }
    let image = try Image(truth)
    return (try GaussianNoise(sigma: 0.8).applied(to: image, seed: 2), image)
  }

  @Test func wrongParametersAreRefusedWithTheirNames() {
    let error = #expect(throws: DenoiseError.self) { try MedianFilter(["radios": 2]) }
    #expect(error?.hint == "it takes radius")
    #expect(throws: DenoiseError.self) { try MedianFilter(["radius": 1.5]) }
    #expect(throws: DenoiseError.self) { try MedianFilter(["radius": 0]) }
    #expect(throws: DenoiseError.self) { try GaussianFilter(["sigma": .nan]) }
    #expect(throws: DenoiseError.self) { try Denoisers.named("best_filter") }
  }

  @Test func descriptionsReadAsTheLanguage() throws {
    #expect(try MedianFilter(["radius": 3]).description == "median_filter(radius=3)")
    #expect(try BM3DFilter(["sigma": 25]).description == "bm3d_filter(sigma=25, step=3)")
  }
}
