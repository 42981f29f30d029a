import Denoise
import TensorEngine
import Testing

/// Each method on a small sample with few epochs beats its noisy input by a stated margin.
@Suite struct MethodTests {
  /// Gains in dB over the noisy input.
  private static func gain(
    _ method: String, noisy: Image, truth: Image, target: Image? = nil,
    _ change: (inout TrainingOptions) throws -> Void
  ) throws -> Double {
    let data = try TrainingData(images: [noisy], targets: target.map { [$0] })
    var options = try #require(Method.named(method)).options(.init(data))
    options.seed = 5
    try change(&options)
    let model = try Trainer(data, options).run()
    let clean = try Predictor(model).predict(noisy).image
    #expect(clean.shape == noisy.shape && clean.axes == noisy.axes)
    let peak = Metrics.peak(of: truth)
    return try Metrics.psnr(clean.tensor, truth: truth.tensor, peak: peak)
      - Metrics.psnr(noisy.tensor, truth: truth.tensor, peak: peak)
  }

  private static func cells() throws -> (noisy: Image, truth: Image) {
    let images = try Sample.named("cells").images(
      size: [64], noise: GaussianNoise(sigma: 25), seed: 1)
    return (images[0], images[1])
  }

  /// A shorter run with a smaller net.
  private static func small(_ options: inout TrainingOptions, epochs: Int) {
    options.epochs = epochs
    options.steps = 10
    options.batch = min(options.batch, 8)
    options.patch = options.patch == [0] ? [0] : [32]
    options.learningRate = max(options.learningRate, 2e-3)
    if var net = options.architecture as? UNet {
      net.channels = 16
      options.architecture = net
    }
    if var net = options.architecture as? Self2SelfNet {
      net.levels = 3
      net.encoder = 16
      net.decoder = 24
      net.tail = [16, 12]
      options.architecture = net
    }
  }

  @Test(arguments: [
    ("auto", 5.0), ("n2v", 3), ("n2v2", 3), ("n2s", 3), ("s2s", 3), ("structn2v", 3),
    ("zsn2n", 3),
  ])
  func selfSupervisedBeatsItsInput(method: String, margin: Double) throws {
    let (noisy, truth) = try MethodTests.cells()
    let gain = try MethodTests.gain(method, noisy: noisy, truth: truth) {
      MethodTests.small(&$0, epochs: 20)
    }
    #expect(gain > margin, "\(method) gains \(gain) dB")
  }

  @Test(arguments: [("n2n", 5.0), ("supervised", 5)])
  func pairsBeatTheirInput(method: String, margin: Double) throws {
    let (noisy, truth) = try MethodTests.cells()
    let target =
      method == "n2n" ? try GaussianNoise(sigma: 25).applied(to: truth, seed: 99) : truth
    let gain = try MethodTests.gain(method, noisy: noisy, truth: truth, target: target) {
      MethodTests.small(&$0, epochs: 20)
    }
    #expect(gain > margin, "\(method) gains \(gain) dB")
  }

  @Test(arguments: ["auto", "n2s", "zsn2n"], ["X", "ZYX", "CYX"])
  func everyKindOfDataIsServed(method: String, axes: String) throws {
    let shape = ["X": [1024], "ZYX": [24, 24, 24], "CYX": [3, 48, 48]][axes] ?? []
    let (noisy, truth) = try SmallData.waves(shape, axes: axes)
    let gain = try MethodTests.gain(method, noisy: noisy, truth: truth) {
      MethodTests.small(&$0, epochs: 10)
      $0.patch = [axes == "X" ? 256 : 24]
      $0.batch = 4
    }
    #expect(gain > (method == "zsn2n" ? 2 : 3), "\(method) on \(axes) gains \(gain) dB")
  }

  @Test func methodsFitTheirData() throws {
    for method in Method.all {
      for space in [[4], [37], [4096], [5, 9], [64, 64], [512, 640], [6, 7, 8], [64, 64, 64]] {
        let subject = Method.Subject(
          dimensions: space.count, channels: 2, space: space, samples: 1)
        let options = try method.options(subject)
        #expect(options.method == method.name)
        // The net can be built for the patch, padded to its multiple.
        let multiple = options.architecture.multiple
        let sides = space.map { (min($0, 64) + multiple - 1) / multiple * multiple }
        let net = try WrittenNetwork(
          options.architecture, shape: [1, 2] + sides, training: true)
        #expect(net.output.shape == [1, 2] + sides)
      }
    }
  }
}
