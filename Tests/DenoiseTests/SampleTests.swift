import Denoise
import TensorEngine
import Testing

@Suite struct SampleTests {
  @Test(arguments: Sample.all.map(\.name))
  func samplesAreWhatTheySay(name: String) throws {
    let sample = try Sample.named(name)
    let images = try sample.images(size: SampleTests.small(sample), seed: 1)
    let truth = try #require(images.last)
    #expect(truth.axes == sample.axes)
    #expect(truth.tensor.values.allSatisfy { $0.isFinite })
    #expect(try ImageStatistics(of: truth.tensor).std > 0)
    let again = try sample.images(size: SampleTests.small(sample), seed: 1)
    #expect(again.map(\.tensor) == images.map(\.tensor))
    let other = try sample.images(size: SampleTests.small(sample), seed: 2)
    #expect(other.last?.tensor != truth.tensor)
  }

  static func small(_ sample: Sample) -> [Int] {
    zip(sample.axes, sample.defaultSize).map { axis, side in
      "ZYX".contains(axis) ? max(32, side / 2) : side
    }
  }

  @Test(arguments: ["cells", "shapes", "scene"])
  func picturesAreWholeNumbersOfAByte(name: String) throws {
    let truth = try #require(try Sample.named(name).images().last)
    #expect(truth.tensor.values.allSatisfy { $0 >= 0 && $0 <= 255 && $0 == $0.rounded() })
    #expect(Metrics.peak(of: truth) == 255)
    if name != "scene" {
      #expect(truth.tensor.values.min() == 0 && truth.tensor.values.max() == 255)
    }
  }

  @Test func sizesAreOneNumberOrAllSides() throws {
    #expect(try Sample.named("cells").images(size: [40])[0].shape == [40, 40])
    #expect(try Sample.named("cells").images(size: [33, 65])[0].shape == [33, 65])
    #expect(try Sample.named("stack").images(size: [48])[0].shape == [24, 48, 48])
    #expect(throws: DenoiseError.self) { try Sample.named("cells").images(size: [2]) }
    #expect(throws: DenoiseError.self) { try Sample.named("cells").images(size: [9, 9, 9]) }
    #expect(throws: DenoiseError.self) { try Sample.named("cells").images(size: [-5]) }
    #expect(throws: DenoiseError.self) {
      try Sample.named("tomogram").images(size: [1 << 40, 1 << 40, 64])
    }
    #expect(throws: DenoiseError.self) { try Sample.named("nothing") }
  }

  @Test func noiseComesBeforeTheTruth() throws {
    let images = try Sample.named("cells").images(noise: GaussianNoise(sigma: 25), seed: 1)
    #expect(images.count == 2 && images[0].stored == .float32)
    let psnr = try Metrics.psnr(images[0].tensor, truth: images[1].tensor, peak: 255)
    #expect(abs(psnr - 20.17) < 0.1)
  }

  @Test func halfMapsShareTheSignalOnly() throws {
    let images = try Sample.named("halfmaps").images(size: [48], seed: 1)
    try #require(images.count == 3)
    let noise = try images.prefix(2).map { half in
      try Tensor(
        zip(half.tensor.values, images[2].tensor.values).map { $0 - $1 }, shape: half.shape)
    }
    #expect(abs(try Metrics.xcorr(noise[0], noise[1])) < 0.02)
    #expect(try Metrics.xcorr(images[0].tensor, images[1].tensor) > 0.2)
    #expect(images[0].voxel == [1.5, 1.5, 1.5])
    let half = try images[0].with(noise[0].values)
    #expect(try ResidualAutocorrelation(of: half).coefficients[0][1] > 0.2)
  }

  @Test func tomogramLacksItsWedge() throws {
    let truth = try #require(try Sample.named("tomogram").images(size: [32, 32, 32]).last)
    #expect(truth.voxel == [10, 10, 10] && truth.unit == "A")
    // A plane wave along z lies in the wedge, one along x does not.
    let power = { (axis: Int) -> Double in
      (0..<2).map { part -> Double in
        truth.tensor.values.indices.reduce(0.0) { sum, index in
          let place = index / [1024, 32, 1][axis] % 32
          let angle = 2 * Double.pi * 4 * Double(place) / 32
          let wave = part == 0 ? Elementary.cos(angle) : Elementary.sin(angle)
          return sum + wave * Double(truth.tensor.values[index])
        }
      }.reduce(0) { $0 + $1 * $1 }
    }
    #expect(power(0) < 1e-3 * power(2))
  }

  @Test func trackNamesItsChannelsAndBlinks() throws {
    let track = try #require(try Sample.named("track").images(seed: 1).last)
    #expect(track.channels?.count == 136 && track.channels?[1] == "y0")
    // Upper and lower lid of an eye meet now and then, and are apart most of the time.
    let rows = { (channel: Int) in
      track.tensor.values[channel * 2048..<(channel + 1) * 2048]
    }
    let gaps = zip(rows(2 * 41 + 1), rows(2 * 37 + 1)).map { $0 - $1 }.sorted()
    #expect(gaps[0] < 1 && gaps[1024] > 5)
  }
}
