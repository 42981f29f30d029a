import Denoise
import TensorEngine
import Testing

@Suite struct FourierMeasureTests {
  private static func noise(_ shape: [Int], seed: UInt64) throws -> Image {
    var stream = RandomStream(seed: seed, purpose: .noise)
    return try Image(Tensor(shape: shape) { _ in stream.normal() }, voxel: shape.map { _ in 2 })
  }

  private static func sum(_ a: Image, _ b: Image) throws -> Image {
    try a.with(zip(a.tensor.values, b.tensor.values).map { $0 + $1 })
  }

  // MARK: Masks

  @Test func aMaskIsOneInsideAndFallsSoftly() throws {
    let shape = [24, 24, 24]
    var values = [Float](repeating: 0, count: shape.product)
    for z in 10..<14 {
      for y in 10..<14 { for x in 10..<14 { values[(z * 24 + y) * 24 + x] = 1 } }
    }
    let map = try Image(Tensor(values, shape: shape))
    let mask = try SoftMask.around(map, lowpass: 2.5, threshold: 0.5, extend: 2, edge: 4)
    let line = (0..<24).map { mask.tensor.values[(12 * 24 + 12) * 24 + $0] }
    #expect(line[12] == 1 && line[15] == 1)
    #expect(line[17] > 0 && line[17] < 1)
    #expect(line[23] == 0)
    #expect(zip(line[13...], line[14...]).allSatisfy { $0 >= $1 })
    #expect(throws: DenoiseError.self) { try SoftMask.around(map, threshold: 9) }
  }

  @Test func aBallHasItsRadius() throws {
    let map = try Image(Tensor(repeating: 0, shape: [21, 21]))
    let ball = try SoftMask.ball(in: map, radius: 5, edge: 2).tensor.values
    #expect(ball[10 * 21 + 15] == 1)
    #expect(abs(ball[10 * 21 + 16] - 0.5) < 1e-5)
    #expect(ball[10 * 21 + 17] < 1e-6)
  }

  // MARK: Shell correlations

  @Test func whatAMaskAddsIsTakenOff() throws {
    let a = try Self.noise([32, 32, 32], seed: 1)
    let b = try Self.noise([32, 32, 32], seed: 2)
    // Both share the coarse parts alone.
    let common = try FrequencyFilter(high: 0.07).applied(to: Self.noise([32, 32, 32], seed: 3))
    func half(_ noise: Image) throws -> Image {
      try noise.with(zip(noise.tensor.values, common.tensor.values).map { $0 + 40 * $1 })
    }
    let mask = try SoftMask.ball(in: a, radius: 4, edge: 1)
    let result = try CorrectedCorrelation(half(a), half(b), mask: mask, seed: 5)
    let start = try #require(result.start)
    #expect(start < 0.2)
    let fine = result.corrected.shells.indices.filter {
      result.corrected.shells[$0].frequency > start + 0.07
    }
    func mean(_ curve: ShellCorrelation) -> Double {
      fine.map { curve.shells[$0].correlation }.reduce(0, +) / Double(fine.count)
    }
    // The small mask spreads the strong coarse part over all frequencies.
    #expect(mean(result.masked) > 0.3)
    #expect(abs(mean(result.corrected)) < 0.6 * mean(result.masked))
    #expect(result.masked.shells[0].correlation == result.corrected.shells[0].correlation)
  }

  @Test func aMissingWedgeIsLeftOut() throws {
    let truth = try Self.noise([16, 20, 24], seed: 7)
    let range = try TiltRange(maximum: 60)
    // Other noise in the wedge alone.
    let other = try Self.noise([16, 20, 24], seed: 8)
    let all = try ShellCorrelation(truth, Self.sum(truth, other))
    let mixed = try Self.replacingWedge(of: truth, by: other)
    let blind = try ShellCorrelation(truth, mixed, measured: range)
    #expect(all.shells.allSatisfy { $0.correlation < 0.95 })
    #expect(blind.shells.allSatisfy { $0.correlation > 0.999 })
    #expect(try ShellCorrelation(truth, mixed).shells.contains { $0.correlation < 0.9 })
    #expect(throws: DenoiseError.self) { try TiltRange(maximum: 95) }
    let flat = try Self.noise([16, 16], seed: 1)
    #expect(throws: DenoiseError.self) { try ShellCorrelation(flat, flat, measured: range) }
  }

  /// Frequencies that a tilt series about y up to 60 degrees does not show, from another volume.
  private static func replacingWedge(of a: Image, by b: Image) throws -> Image {
    let shape = a.shape
    func missing(_ index: Int) -> Bool {
      func signed(_ index: Int, _ count: Int) -> Double {
        Double(index <= count / 2 ? index : index - count) / Double(count)
      }
      let z = signed(index / (shape[1] * shape[2]), shape[0])
      let x = signed(index % shape[2], shape[2])
      return z != 0 && abs(z) > 1.7320508 * abs(x)
    }
    var kept = try Spectrum(of: a.tensor.values, shape: shape)
    kept.multiply { missing($0) ? 0 : 1 }
    var taken = try Spectrum(of: b.tensor.values, shape: shape)
    taken.multiply { missing($0) ? 1 : 0 }
    return try a.with(zip(kept.realPart(), taken.realPart()).map { $0 + $1 })
  }

  @Test func localResolutionIsFineWhereTheHalvesAgree() throws {
    let shape = [24, 24, 48]
    let common = try Self.noise(shape, seed: 1)
    let others = try (2...3).map { try Self.noise(shape, seed: UInt64($0)) }
    let halves = try others.map { noise in
      try noise.with(
        noise.tensor.values.enumerated().map { index, value in
          let share = common.tensor.values[index]
          return index % 48 < 24 ? share + 0.1 * value : 0.2 * share + value
        })
    }
    let map = try LocalCorrelation(window: 12, step: 6).map(halves[0], halves[1])
    #expect(map.shape == shape)
    let row = (0..<48).map { map.tensor.values[(12 * 24 + 12) * 48 + $0] }
    // Nyquist is at 4 A; a window is 24 A.
    #expect(row[4] < 4.5)
    #expect(row[44] > 12)
    #expect(throws: DenoiseError.self) {
      try LocalCorrelation(window: 30, step: 6).map(halves[0], halves[1])
    }
  }

  @Test func bandsSayWhatWasKept() throws {
    let noisy = try Self.noise([40, 40], seed: 4)
    let smooth = try FrequencyFilter(high: 0.1).applied(to: noisy)
    let bands = try AmplitudeBands(before: noisy, after: smooth, reference: noisy, count: 4).bands
    #expect(bands.count == 4)
    #expect(bands[0].kept > 0.9)
    #expect(bands[3].kept < 0.1)
    // White noise has its standard deviation in every band.
    #expect(bands.allSatisfy { abs($0.before - 1) < 0.1 })
    #expect(bands[0].correlationBefore ?? 0 > 0.999)
    #expect(bands[3].frequencies.upperBound > 0.25)
  }

  @Test func guinierPlotShowsTheBFactor() throws {
    // A Gaussian blur falls off as exp(-B s^2 / 4).
    let image = try Self.noise([64, 64], seed: 9)
    var spectrum = try Spectrum(of: image.tensor.values, shape: image.shape)
    let grid = FrequencyGrid(of: image).magnitudes
    spectrum.multiply { Elementary.exp(-50 * grid[$0] * grid[$0] / 4) }
    let points = try PowerSpectrum(of: image.with(spectrum.realPart())).guinier
    let last = points.squares.count - 1
    let slope =
      (points.logarithms[last] - points.logarithms[2]) / (points.squares[last] - points.squares[2])
    #expect(abs(slope + 12.5) < 1.5)
  }
}
