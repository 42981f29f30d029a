import Denoise
import TensorEngine
import Testing

@Suite struct NoiseTests {
  static func flat(_ value: Float, _ shape: [Int] = [256, 256]) throws -> Image {
    try Image(Tensor(repeating: value, shape: shape))
  }

  static func statistics(_ image: Image) throws -> ImageStatistics {
    try ImageStatistics(of: image.tensor)
  }

  @Test func gaussianHasItsStrengthAndIsNotClipped() throws {
    let noisy = try GaussianNoise(sigma: 25).applied(to: NoiseTests.flat(0), seed: 1)
    let found = try NoiseTests.statistics(noisy)
    #expect(abs(found.std - 25) < 0.3 && abs(found.mean) < 0.3 && found.min < 0)
  }

  @Test(arguments: [0.5, 4.0, 9.5, 30.0, 900.0])
  func poissonCountsHaveEqualMeanAndVariance(rate: Double) throws {
    let noisy = try PoissonNoise(peak: rate).applied(to: NoiseTests.flat(Float(rate)), seed: 2)
    let found = try NoiseTests.statistics(noisy)
    #expect(abs(found.mean / rate - 1) < 0.02)
    #expect(abs(found.std * found.std / rate - 1) < 0.03)
    #expect(noisy.tensor.values.allSatisfy { abs($0 - $0.rounded()) < 1e-3 })
  }

  @Test func poissonKeepsTheImagesUnits() throws {
    let noisy = try PoissonGaussianNoise(peak: 100, sigma: 3).applied(
      to: NoiseTests.flat(255), seed: 3)
    let found = try NoiseTests.statistics(noisy)
    // 255 / 100 per photon: deviation 25.5, and 3 on top.
    #expect(abs(found.mean - 255) < 0.5 && abs(found.std - 25.68) < 0.4)
  }

  @Test func saltAndPepperReplacesTheShareAsked() throws {
    let ramp = try Image(Tensor(shape: [256, 256]) { Float($0 % 256) })
    let noisy = try SaltPepperNoise(probability: 0.1).applied(to: ramp, seed: 4)
    let changed = zip(noisy.tensor.values, ramp.tensor.values).filter { $0 != $1 }
    #expect(abs(Double(changed.count) / 65_536 - 0.1) < 0.01)
    #expect(changed.allSatisfy { $0.0 == 0 || $0.0 == 255 })
  }

  @Test func speckleGrowsWithTheSignal() throws {
    let noisy = try SpeckleNoise(strength: 0.1).applied(to: NoiseTests.flat(50), seed: 5)
    #expect(abs(try NoiseTests.statistics(noisy).std - 5) < 0.1)
  }

  @Test func stripesShiftWholeLines() throws {
    let noisy = try StripeNoise(amplitude: 10, axis: "x").applied(
      to: NoiseTests.flat(0, [64, 48]), seed: 6)
    let rows = (0..<64).map { Array(noisy.tensor.values[$0 * 48..<($0 + 1) * 48]) }
    #expect(rows.allSatisfy { row in row.allSatisfy { $0 == row[0] } })
    #expect(Set(rows.map { $0[0] }).count > 60)
    #expect(throws: DenoiseError.self) {
      try StripeNoise(amplitude: 1, axis: "z").applied(to: NoiseTests.flat(0, [4, 4]), seed: 0)
    }
  }

  @Test func correlatedNoiseHasItsStrengthAndItsReach() throws {
    let noisy = try CorrelatedNoise(sigma: 20, radius: 1.5).applied(
      to: NoiseTests.flat(0), seed: 7)
    #expect(abs(try NoiseTests.statistics(noisy).std - 20) < 1)
    let found = try ResidualAutocorrelation(of: noisy)
    // Smoothing by a Gaussian of deviation 1.5 correlates neighbours by exp(-1 / (4 * 1.5^2)).
    #expect(abs(found.coefficients[0][1] - 0.895) < 0.03)
    let white = try GaussianNoise(sigma: 20).applied(to: NoiseTests.flat(0), seed: 7)
    #expect(abs(try ResidualAutocorrelation(of: white).largest) < 0.02)
  }

  @Test func seedsNameTheNoiseWhateverTheThreads() throws {
    let image = try NoiseTests.flat(3, [300, 300])
    let threads = Parallel.threads
    defer { Parallel.threads = threads }
    let kinds: [any Noise] = [
      try PoissonGaussianNoise(peak: 9, sigma: 1), try PoissonNoise(peak: 40),
    ]
    for noise in kinds {
      Parallel.threads = 1
      let one = try noise.applied(to: image, seed: 8)
      Parallel.threads = 2
      #expect(try noise.applied(to: image, seed: 8).tensor == one.tensor)
      #expect(try noise.applied(to: image, seed: 9).tensor != one.tensor)
    }
  }

  @Test func wrongStrengthsAreRefused() throws {
    #expect(throws: DenoiseError.self) { try GaussianNoise(sigma: -1) }
    #expect(throws: DenoiseError.self) { try GaussianNoise(sigma: .nan) }
    #expect(throws: DenoiseError.self) { try PoissonNoise(peak: 0) }
    #expect(throws: DenoiseError.self) { try SaltPepperNoise(probability: 1.5) }
    #expect(throws: DenoiseError.self) { try CorrelatedNoise(sigma: 1, radius: 1e9) }
    #expect(throws: DenoiseError.self) {
      try PoissonNoise(peak: 5).applied(to: NoiseTests.flat(0), seed: 0)
    }
  }
}
