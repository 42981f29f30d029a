import Denoise
import TensorEngine
import Testing

@Suite struct CalibrationTests {
  struct Case: Sendable {
    let sample: String
    let denoiser: String
    let range: Calibration.Range
    /// PSNR, in dB, by which the pick may miss the best that truth knows.
    let slack: Double
  }

  static let cases = [
    Case(
      sample: "cells", denoiser: "median_filter", range: .init("radius", [1, 2, 3, 4, 5]),
      slack: 0),
    Case(
      sample: "shapes", denoiser: "median_filter", range: .init("radius", [1, 2, 3, 4, 5]),
      slack: 0),
    Case(
      sample: "cells", denoiser: "gaussian_filter",
      range: .init("sigma", [0.3, 0.5, 0.7, 1, 1.5, 2, 3]), slack: 0.1),
    Case(
      sample: "shapes", denoiser: "gaussian_filter",
      range: .init("sigma", [0.3, 0.5, 0.7, 1, 1.5, 2, 3]), slack: 0),
    Case(
      sample: "cells", denoiser: "tv_filter",
      range: .init("weight", [5, 10, 15, 20, 30, 40, 60]), slack: 0.1),
    Case(
      sample: "cells", denoiser: "nlm_filter", range: .init("h", [5, 10, 15, 20, 25, 30]),
      slack: 0.2),
    Case(
      sample: "cells", denoiser: "wavelet_filter", range: .init("sigma", [5, 15, 25, 35, 45]),
      slack: 0),
  ]

  @Test(arguments: cases)
  func pickWithoutTruthIsThePickOfTruth(item: Case) throws {
    let images = try Sample.named(item.sample).images(
      size: [128], noise: GaussianNoise(sigma: 25), seed: 1)
    let denoiser = try Denoisers.named(item.denoiser).init([:])
    let found = try Calibration(of: denoiser, on: images[0], over: [item.range])
    let psnr = try item.range.values.map { value in
      let clean = try denoiser.with([item.range.parameter: value]).denoised(images[0])
      return try Metrics.psnr(clean.tensor, truth: images[1].tensor, peak: 255)
    }
    let picked = try Metrics.psnr(found.image.tensor, truth: images[1].tensor, peak: 255)
    let best = try #require(psnr.max())
    #expect(picked >= best - item.slack - 1e-9)
    #expect(best > (psnr.min() ?? best) + 0.5)
  }

  @Test func lossIsTheErrorPlusTheNoise() throws {
    let images = try Sample.named("cells").images(noise: GaussianNoise(sigma: 25), seed: 1)
    let found = try Calibration(
      of: GaussianFilter(), on: images[0], over: [.init("sigma", [1.5])], rounds: 4)
    let truth = try Metrics.mse(found.image.tensor, truth: images[1].tensor)
    #expect(abs(found.trials[0].loss - 625 - truth) < 0.1 * 625)
  }

  @Test func severalRangesMakeAGrid() throws {
    let image = try Sample.named("cells").images(size: [48], noise: GaussianNoise(sigma: 25))[0]
    var done: [Int] = []
    let found = try Calibration(
      of: BilateralFilter(), on: image,
      over: [.init("sigma_space", [1, 2]), .init("sigma_value", [20, 60, 100])]
    ) { done.append($0) }
    #expect(found.parameters == ["sigma_space", "sigma_value"])
    #expect(
      found.trials.map(\.values) == [[1, 20], [1, 60], [1, 100], [2, 20], [2, 60], [2, 100]])
    #expect(done == [1, 2, 3, 4, 5, 6])
    let best = try #require(found.trials.min { $0.loss < $1.loss })
    #expect(
      found.denoiser.description
        == "bilateral_filter(sigma_space=\(Int(best.values[0])), sigma_value=\(Int(best.values[1])))"
    )
  }

  @Test func theRankOfAMatrixIsFound() throws {
    let noisy = try ClassicalTests.matrix().noisy
    let found = try Calibration(
      of: PCAFilter(), on: noisy, over: [.init("rank", [1, 2, 3, 4, 5, 8, 12])], rounds: 3)
    #expect(found.denoiser.description == "pca_filter(rank=3)")
  }

  @Test func colourAndStacksAreCalibratedToo() throws {
    let image = try Sample.named("scene").images(size: [64], noise: GaussianNoise(sigma: 25))[0]
    let found = try Calibration(
      of: MedianFilter(), on: image, over: [.init("radius", [1, 2, 3])])
    #expect(found.image.shape == [3, 64, 64] && found.trials.count == 3)
  }

  @Test func nothingToTryIsRefused() throws {
    let image = try Image(Tensor(repeating: 1, shape: [16, 16]))
    #expect(throws: DenoiseError.self) {
      try Calibration(of: MedianFilter(), on: image, over: [])
    }
    #expect(throws: DenoiseError.self) {
      try Calibration(of: MedianFilter(), on: image, over: [.init("radius", [])])
    }
    #expect(throws: DenoiseError.self) {
      try Calibration(of: MedianFilter(), on: image, over: [.init("size", [1])])
    }
  }
}
