import TensorEngine

// The methods themselves. Defaults are those of the papers and of their public code; where data is
// scarce, what follows from its size is in `paced`.

extension Method {
  /// Quick crops of the whole and as much block matching as helps: the project's own best recipe. Of
  /// two exposures the other one is learnt; of one, what more of the same noise does not change, and
  /// where that noise is not known well enough, hidden pixels.
  static let auto = Method(
    name: "auto", summary: "the project's own recipe: good in minutes",
    source: "more noise as Recorrupted2Recorrupted, else Bernoulli masks as Self2Self, "
      + "pairs as Noise2Noise, a U-Net on folded pixels"
  ) { subject in
    if subject.isPaired { return quickPairs(subject) }
    guard let noise = try subject.noise(), noise.isExplained else { return try hidden(subject) }
    return try recorrupted(subject, noise.model)
  }

  /// Where neighbours share more of their noise, block matching is far behind.
  private static let mostSharedForMatching = 0.55

  /// What `auto` learns a single exposure by where its noise is known: no pixel need be hidden.
  private static func recorrupted(
    _ subject: Subject, _ noise: NoiseModel
  ) throws -> TrainingOptions {
    var options = quick(for: subject, readsMask: false)
    options.method = "auto"
    options.mask = try RecorruptMask()
    if noise.nearest > mostSharedForMatching { options.prediction.blend = .none }
    return options
  }

  /// What `auto` learns a single exposure by else: hidden pixels, interpolated.
  private static func hidden(_ subject: Subject) throws -> TrainingOptions {
    var options = quick(for: subject, readsMask: true)
    options.method = "auto"
    options.mask = try BernoulliMask(probability: 0.3, perChannel: false, fill: .interpolate)
    if try subject.sharesNoise() {
      // About as much is hidden, but in boxes whose middle does not see its own noise.
      options.mask = try BlindSpotMask(
        radius: 2, shape: .box, percent: subject.dimensions == 3 ? 0.4 : 2, fill: .interpolate)
    }
    options.prediction.mode = .dropout
    options.prediction.samples = 32
    if subject.dimensions == 3 { options.prediction.turns = .some(32) }
    options.prediction.mixBack = .share(0.03)
    return options
  }

  /// What `auto` learns two exposures by: each from the other.
  private static func quickPairs(_ subject: Subject) -> TrainingOptions {
    var options = quick(for: subject, readsMask: false)
    options.method = "auto"
    options.target = .pair
    if subject.dimensions >= 2 { options.prediction.mixBack = .shells(nil) }
    return options
  }

  /// What is learnt quickly, whatever it is compared with. In bfloat16 where the processor is faster
  /// so: what is learnt differs less than between seeds (benchmarks/engine/precision.dn).
  static func quick(for subject: Subject, readsMask: Bool) -> TrainingOptions {
    var options = TrainingOptions()
    var net = UNet()
    net.unshuffle = (subject.space.min() ?? 1) >= 16 ? 2 : 1
    // What is learnt beside padding spoils what is larger than a patch, and of a volume's patch most
    // lies near its borders: nets are flatter there and patches as large as leaves some freedom to
    // draw them (docs/design.md).
    let deepest = subject.dimensions == 3 ? 2 : 4
    net.depth =
      subject.depth(net.unshuffle == 2 ? deepest : deepest - 1) - (net.unshuffle == 2 ? 1 : 0)
    net.growth = 1
    net.norm = .none
    net.activation = .leaky(0.1)
    net.readsMask = readsMask
    net.lastStart = 0.02
    options.architecture = net
    options.augmentation = .dihedral
    let cube = subject.cube
    options.patch = [[512, 128, cube][subject.dimensions - 1]]
    // About as many voxels a step whatever the patch.
    options.batch = subject.dimensions == 3 ? max(1, 4 * 32 * 32 * 32 / (cube * cube * cube)) : 4
    options.steps = 50
    options.epochs = 30
    options.learningRate = 4e-3
    options.schedule = .warmup(steps: 20, then: .cosine)
    options.clip = 1
    options.averaging = 0.99
    options.precision = Precision.hasFastBF16 ? .bf16 : .f32
    options.prediction.turns = turns(subject)
    options.prediction.blend = subject.dimensions >= 2 ? .best : .none
    return options
  }

  /// The orientations that predictions are averaged over; of volumes, which take their time, not all.
  static func turns(_ subject: Subject) -> Turns { subject.dimensions == 3 ? .few : .all }

  static let n2v = Method(
    name: "n2v", summary: "Noise2Void: single pixels hidden behind a neighbour's value",
    source: "Krull et al. 2019; juglab/n2v"
  ) { subject in
    var options = TrainingOptions()
    options.method = "n2v"
    options.mask = try PixelMask(percent: 0.2, manipulation: .uniform, radius: 5)
    var net = UNet()
    net.depth = subject.depth(2)
    options.architecture = net
    options.patch = [[256, 64, 32][subject.dimensions - 1]]
    options.batch = subject.dimensions == 3 ? 16 : 128
    options.augmentation = .dihedral
    options.schedule = .plateau(patience: 10, factor: 0.5)
    paced(&options, for: subject, batch: subject.dimensions == 3 ? 4 : 16)
    return options
  }

  /// An epoch shows every patch once. Of a single picture that is a step or less: validation would
  /// be asked after every step, and the running averages of batch norm would lag behind. Data of
  /// fewer than twenty batches an epoch is therefore taken in epochs of fifty steps (in 3-D of
  /// twenty), and in smaller batches, of which a processor computes more.
  private static func paced(
    _ options: inout TrainingOptions, for subject: Subject, batch: Int
  ) {
    let patches = subject.patches(of: options.patch[0])
    guard patches < 20 * options.batch else { return }
    options.batch = min(options.batch, batch)
    options.steps = max(subject.dimensions == 3 ? 20 : 50, patches / options.batch)
  }

  static let n2v2 = Method(
    name: "n2v2", summary: "Noise2Void 2: without the checkerboard",
    source: "Hoeck et al. 2022; CAREamics"
  ) { subject in
    var options = try n2v.options(subject)
    options.method = "n2v2"
    options.mask = try PixelMask(percent: 0.2, manipulation: .median, radius: 5)
    var net = UNet()
    net.depth = subject.depth(2)
    net.pool = .maxblur
    net.topSkip = false
    options.architecture = net
    options.loss = Loss(MeanAbsoluteError())
    return options
  }

  static let structn2v = Method(
    name: "structn2v", summary: "structN2V: neighbours along a line are hidden with the pixel",
    source: "Broaddus et al. 2020; juglab/n2v"
  ) { subject in
    var options = try n2v.options(subject)
    options.method = "structn2v"
    options.mask = try StructuredMask(axis: "X", length: 5)
    options.augmentation = .flips
    return options
  }

  static let n2s = Method(
    name: "n2s", summary: "Noise2Self: one phase of a grid hidden at a time",
    source: "Batson and Royer 2019; czbiohub/noise2self"
  ) { subject in
    var options = TrainingOptions()
    options.method = "n2s"
    options.mask = try GridMask(width: 4, fill: .interpolate)
    var net = UNet()
    net.depth = subject.depth(2)
    net.norm = .none
    options.architecture = net
    options.patch = [[256, 64, 32][subject.dimensions - 1]]
    options.batch = subject.dimensions == 3 ? 4 : 16
    options.augmentation = .dihedral
    options.learningRate = 1e-3
    options.schedule = .plateau(patience: 10, factor: 0.5)
    options.stop = EarlyStop(patience: 20, minDelta: 1e-5)
    paced(&options, for: subject, batch: 4)
    return options
  }

  static let s2s = Method(
    name: "s2s", summary: "Self2Self: Bernoulli masks and dropout, many passes averaged",
    source: "Quan et al. 2020; scut-mingqinchen/Self2Self"
  ) { subject in
    var options = TrainingOptions()
    options.method = "s2s"
    options.mask = try BernoulliMask(probability: 0.3, perChannel: true, fill: .zero)
    var net = Self2SelfNet()
    net.levels = max(1, subject.depth(5))
    options.architecture = net
    options.normalization = .minmax
    options.patch = [0]
    options.batch = 1
    options.samples = 1
    options.steps = 50
    options.epochs = 200
    options.learningRate = 1e-4
    options.augmentation = .flips
    // How many steps are enough nobody knows beforehand: the running average of the parameters is
    // asked at pixels kept for good, and the run ends when that has not become better for long.
    options.averaging = 0.99
    options.stop = EarlyStop(patience: 20, minDelta: 1e-5)
    options.prediction.mode = .dropout
    options.prediction.samples = 50
    return options
  }

  static let r2r = Method(
    name: "r2r",
    summary: "Recorrupted2Recorrupted: more of the noise seen, as much taken off the target",
    source: "Pang et al. 2021; PangTongyao/Recorrupted-to-Recorrupted"
  ) { subject in
    var options = try n2n.options(subject)
    options.method = "r2r"
    options.target = .itself
    options.mask = try RecorruptMask()
    options.prediction.mode = .dropout
    options.prediction.samples = 50
    return options
  }

  static let n2n = Method(
    name: "n2n", summary: "Noise2Noise: one exposure from the other, roles swapped",
    source: "Lehtinen et al. 2018; cryoCARE, topaz"
  ) { subject in
    var options = TrainingOptions()
    options.method = "n2n"
    options.target = .pair
    var net = UNet()
    net.depth = subject.depth(subject.dimensions == 3 ? 2 : 3)
    net.channels = subject.dimensions == 3 ? 16 : 32
    options.architecture = net
    options.patch = [[256, 64, 64][subject.dimensions - 1]]
    options.batch = subject.dimensions == 3 ? 4 : 16
    options.augmentation = .dihedral
    options.schedule = .plateau(patience: 10, factor: 0.5)
    paced(&options, for: subject, batch: subject.dimensions == 3 ? 2 : 8)
    return options
  }

  static let zsn2n = Method(
    name: "zsn2n", summary: "Zero-Shot Noise2Noise: the diagonals of a picture as a pair",
    source: "Mansour and Heckel 2023; the paper's notebook"
  ) { _ in
    var options = TrainingOptions()
    options.method = "zsn2n"
    options.target = .diagonals
    options.architecture = ZeroShotNet()
    options.patch = [0]
    options.batch = 1
    options.steps = 100
    options.epochs = 20
    options.learningRate = 1e-3
    options.schedule = .step(every: 15, factor: 0.5)
    options.validation = 0
    options.keep = .last
    return options
  }

  static let supervised = Method(
    name: "supervised", summary: "from noisy to clean, where clean truth is at hand",
    source: "Weigert et al. 2018"
  ) { subject in
    var options = try n2n.options(subject)
    options.method = "supervised"
    options.target = .clean
    return options
  }
}
