import Denoise
import TensorEngine
import Testing

@Suite struct MapTests {
  private static func noise(_ shape: [Int], seed: UInt64, voxel: Double = 2) throws -> Image {
    var stream = RandomStream(seed: seed, purpose: .noise)
    return try Image(
      Tensor(shape: shape) { _ in 3 * stream.normal() + 7 },
      axes: String("ZYX".suffix(shape.count)),
      voxel: shape.map { _ in voxel }, unit: "A")
  }

  // MARK: Preparation

  @Test func aPreparedMapComesBack() throws {
    let map = try Self.noise([12, 14, 16], seed: 1)
    let preparation = try MapPreparation(norm: true, margin: 3)
    let ready = try preparation.prepared(map)
    let mean = ready.image.tensor.values.reduce(0, +) / Float(map.tensor.count)
    #expect(abs(mean) < 1e-4)
    let back = try ready.restored(ready.image)
    for (a, b) in zip(map.tensor.values, back.tensor.values) { #expect(abs(a - b) < 1e-4) }
    #expect(try preparation.inner(map, cube: 8).shape == [6 + 2, 8, 10])
    #expect(try preparation.inner(map, cube: 12).shape == [12, 12, 12])
  }

  @Test func voxelSizesAreMadeAlikeAndBack() throws {
    let voxel = try VoxelNormalization(size: 2, allowed: 1.9...2.1)
    let preparation = try MapPreparation(norm: false, voxel: voxel)
    let map = try Self.noise([16, 16, 16], seed: 2, voxel: 3)
    let ready = try preparation.prepared(map)
    #expect(ready.image.shape == [24, 24, 24])
    let back = try ready.restored(ready.image)
    #expect(back.shape == map.shape && back.voxel == map.voxel)
    #expect(try preparation.prepared(Self.noise([8, 8, 8], seed: 3)).image.shape == [8, 8, 8])
    #expect(throws: DenoiseError.self) { try MapPreparation(margin: -1) }
  }

  @Test func aPreparationIsWhatItsDescriptionSays() throws {
    let plain = try MapPreparation(norm: false, margin: 5)
    let full = try MapPreparation(
      norm: true, voxel: VoxelNormalization(size: 1.5, allowed: 1.25...1.75), margin: 0)
    for preparation in [plain, full] {
      #expect(MapPreparation("\(preparation)") == preparation)
    }
    #expect(MapPreparation("norm=perhaps, margin=3") == nil)
    #expect(
      MapPreparation("norm=true, norm_vox=1, norm_vox_min=3, norm_vox_max=2, margin=0") == nil)
  }

  // MARK: Mixing

  /// A network that blurs loses nothing where the raw maps are better, and gains where it is.
  @Test func mixingIsNotWorseThanEither() throws {
    let shape = [24, 24, 24]
    let truth = try FrequencyFilter(high: 0.12).applied(to: Self.noise(shape, seed: 1))
    let raw = try (2...3).map { seed -> Image in
      let noise = try Self.noise(shape, seed: UInt64(seed))
      return try truth.with(zip(truth.tensor.values, noise.tensor.values).map { $0 + 0.2 * $1 })
    }
    // Too smooth at some frequencies, and wrong at others.
    let denoised = try raw.map { half -> Image in
      let smooth = try FrequencyFilter(high: 0.08).applied(to: half)
      let pattern = (0..<smooth.tensor.count).map { Float($0 % 2 == 0 ? 0.3 : -0.3) }
      return try smooth.with(zip(smooth.tensor.values, pattern).map { $0 + $1 })
    }
    let mixing = try ShellMixing(
      raw: (raw[0], raw[1]), denoised: (denoised[0], denoised[1]))
    let half = try mixing.mixed(denoised: denoised[0], raw: raw[0], mixing.halves)
    let mean = try mixing.mixed(
      denoised: denoised[0].mixed(with: denoised[1], share: 0.5),
      raw: raw[0].mixed(with: raw[1], share: 0.5), mixing.mean)
    func error(_ image: Image) throws -> Double {
      try Metrics.mse(image.tensor, truth: truth.tensor)
    }
    #expect(try error(half) < error(raw[0]))
    #expect(try error(half) < error(denoised[0]))
    #expect(try error(mean) < error(half))
    let before = try ShellCorrelation(raw[0], truth).shells
    let after = try ShellCorrelation(half, truth).shells
    for (a, b) in zip(before, after) where a.correlation > 0.1 {
      #expect(b.correlation > a.correlation - 0.02)
    }
    // Whatever is said about a shell, it is not turned over or cut to nothing.
    #expect((mixing.halves + mixing.mean).allSatisfy { $0.raw + $0.denoised > 0 })
    #expect(throws: DenoiseError.self) {
      try ShellMixing(raw: (raw[0], truth), denoised: (raw[0], Self.noise([8, 8, 8], seed: 1)))
    }
  }

  /// A network that knows the truth but in one shell, where it adds noise: what its neighbours speak
  /// for is not taken there.
  @Test func aShellMayContradictItsNeighbours() throws {
    let shape = [24, 24, 24]
    let middle = (0.094, 0.135)
    let truth = try Self.noise(shape, seed: 1)
    func with(_ other: Image, _ share: Float) throws -> Image {
      try truth.with(zip(truth.tensor.values, other.tensor.values).map { $0 + share * $1 })
    }
    let raw = try (2...3).map { try with(Self.noise(shape, seed: UInt64($0)), 2) }
    let inside = try FrequencyFilter(low: middle.0, high: middle.1, shape: .sharp)
    let denoised = try (4...5).map { seed -> Image in
      let noise = try inside.applied(to: Self.noise(shape, seed: UInt64(seed)))
      let signal = try inside.applied(to: truth)
      return try truth.with(
        zip(truth.tensor.values, zip(signal.tensor.values, noise.tensor.values)).map {
          0.5 * ($0 - $1.0 + 2 * $1.1)
        })
    }
    let mixing = try ShellMixing(raw: (raw[0], raw[1]), denoised: (denoised[0], denoised[1]))
    let half = try mixing.mixed(denoised: denoised[0], raw: raw[0], mixing.halves)
    let before = try ShellCorrelation(raw[0], truth).shells
    let after = try ShellCorrelation(half, truth).shells
    var looked = 0
    for (a, b) in zip(before, after) where a.frequency > middle.0 && a.frequency < middle.1 {
      #expect(b.correlation > a.correlation - 1e-4)
      looked += 1
    }
    #expect(looked > 0)
    for (a, b) in zip(before, after) where a.frequency > 0.15 {
      #expect(b.correlation > a.correlation + 0.3)
    }
  }

  // MARK: Tomograms

  /// Against numbers made with NumPy from the formulas of the docstrings.
  @Test func transferAndDeconvolutionFollowTheirFormulas() throws {
    let transfer = ContrastTransfer(defocus: 3)
    #expect(abs(transfer.wavelength - 0.01968748) < 1e-6)
    #expect(abs(transfer.value(at: 0) - 0.07) < 1e-12)
    // The first zero lies near 1 / sqrt(wavelength defocus).
    let zero = 1 / (transfer.wavelength * 3e4).squareRoot()
    #expect(transfer.value(at: 0.9 * zero) > 0 && transfer.value(at: 1.1 * zero) < 0)
    var filter = try Deconvolution(transfer)
    let share = 0.1
    let ctf = transfer.value(at: share / 20)
    let snr = Elementary.exp(-100 * share / 10) * 10 * 2 + 1e-6
    #expect(abs(filter.gain(at: share, voxel: 10) - ctf / (ctf * ctf + 1 / snr)) < 1e-12)
    filter.isFlipped = true
    #expect(filter.gain(at: 0.9, voxel: 10) >= 0)
  }

  @Test(arguments: [[40, 44], [12, 20, 24]])
  func deconvolutionKeepsMeanAndSpread(shape: [Int]) throws {
    let image = try Self.noise(shape, seed: 5, voxel: 10)
    let result = try Deconvolution(ContrastTransfer(defocus: 4)).applied(to: image)
    let (before, after) = (
      try ImageStatistics(of: image.tensor), try ImageStatistics(of: result.tensor)
    )
    #expect(abs(before.mean - after.mean) < 1e-3)
    #expect(abs(before.std - after.std) < 1e-3 * before.std)
    #expect(result.tensor != image.tensor && result.voxel == image.voxel)
    var bare = image
    bare.voxel = nil
    #expect(throws: DenoiseError.self) {
      try Deconvolution(ContrastTransfer(defocus: 4)).applied(to: bare)
    }
  }

  @Test func piecesAreCutWhereTheyLie() throws {
    let image = try Image(Tensor(shape: [4, 5, 6]) { Float($0) }, axes: "ZYX", voxel: [1, 1, 1])
    let stack = try image.pieces(at: [[0, 0, 0], [2, 3, 4]], side: 2)
    #expect(stack.axes == "SZYX" && stack.shape == [2, 2, 2, 2])
    #expect(Array(stack.tensor.values[8...9]) == [82, 83])
    #expect(image.tiledCorners(side: 2, step: 2).count == 2 * 3 * 3)
    #expect(image.tiledCorners(side: 9, step: 2).isEmpty)
    let random = image.randomCorners(side: 3, count: 5, seed: 1)
    #expect(random.count == 5 && random == image.randomCorners(side: 3, count: 5, seed: 1))
    #expect(throws: DenoiseError.self) { try image.pieces(at: [[3, 0, 0]], side: 2) }
  }

  @Test func evenAndOddFramesAreAveraged() throws {
    let movie = try Image(Tensor(shape: [5, 2, 2]) { Float($0 / 4) }, axes: "SYX")
    let (even, odd) = try movie.evenOdd(along: "S")
    #expect(even.tensor.values == [2, 2, 2, 2] && odd.tensor.values == [2, 2, 2, 2])
    #expect(even.axes == "YX")
    let tilts = try Image(
      Tensor(shape: [4, 3]) { Float($0) }, axes: "ZY", voxel: [2, 5])
    let halves = try tilts.evenOdd(along: "Z")
    #expect(halves.even.tensor.values == [3, 4, 5] && halves.even.voxel == [5])
    #expect(throws: DenoiseError.self) { try movie.evenOdd(along: "Z") }
  }
}
