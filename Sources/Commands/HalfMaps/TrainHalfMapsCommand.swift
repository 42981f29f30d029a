import Denoise
import Formats
import Lang
import TensorEngine

struct TrainHalfMapsCommand: Command {
  static let name = "train_halfmaps"
  static let summary = "trains on all pairs of a half-map project (Noise2Noise)"
  static let details = """
    Options come from `inputs.yaml` in the project's folder, from `with=`, and from the line, which \
    wins. A run writes `out/m<maps>_e<epochs>_mbs<batch>` in the project's folder, with `_2`, `_3` \
    behind where that is there: `inputs.yaml` with the options that held, `models` and `plots` with \
    one file for each epoch, and `proc` adds `denoised`.

    Batches mix cubes of all maps, and each map is shown as often as another, whatever its size: \
    else small ones would hardly be learned. The pairs of `1.5` and `2.5` are for validation; without them a \
    share of the cubes is. The model remembers `norm`, `norm_vox` and `margin`, and whatever denoises \
    with it does the same.
    """
  static let group = "Half maps"
  static let examples = [
    Example("net = train_halfmaps \"project\" epochs=1 steps=1 cshape=16 mbs=1")
  ]

  @Argument("folder of the project") var folder: String
  @Option("passes over the maps", in: 1...) var epochs = 20
  @Option("cubes a step (mini-batch size)", in: 1...) var mbs = 4
  @Option("side of a cube, in voxels", in: 4...512) var cshape = 32
  @Option("voxels at each face that no cube holds, and that a tile loses", in: 0...256)
  var margin = 4
  @Option("brings each map to mean 0 and standard deviation 1") var norm = true
  @Option("voxel size that maps are resampled to, in A; none leaves them", in: 1e-6...)
  var normVox: Double?
  @Option("voxel sizes from this on stay as they are", in: 1e-6...) var normVoxMin: Double?
  @Option("voxel sizes up to this stay as they are", in: 1e-6...) var normVoxMax: Double?
  @Option("learning rate", in: 1e-12...) var lr: Double = 2e-3
  @Option("what is made small") var loss = LossValue(MeanSquaredError())
  @Option("architecture; a U-Net of depth 2 with 16 channels where none") var model:
    ArchitectureValue?
  @Option("how cubes are turned") var augment = AugmentationValue(augmentation: .dihedral)
  @Option("how the learning rate changes")
  var schedule = ScheduleValue(schedule: .warmup(steps: 20, then: .cosine))
  @Option("steps an epoch; as many as show each map once where none", in: 1...) var steps: Int?
  @Option("budget of wall time in the place of epochs", in: 0...) var minutes: Double?
  @Option("share of the cubes kept for validation where no maps are", in: 0..<1)
  var val: Double = 0.1
  @Option("greatest norm of a gradient; none for no limit", in: 0...) var clip: Double? = 1
  @Option("decay of the running average of the parameters; none for no average", in: 0..<1)
  var ema: Double? = 0.99
  @Option("seed of every random draw; the session's where none is given") var seed: Int?
  @Option("bytes that maps and training may take, as a number or \"2GB\"") var memory: MemorySize?
  @Option("folder of the runs; `out` in the project's where none") var out: String?
  @Option("a record of options") var with: Record?

  func run(in context: Context) throws -> Value {
    let project = try HalfMapFolder(folder)
    try context.merge(HalfMapInputs.read(project.path, note: context.note))
    if let with { try context.merge(with) }
    let pairs = project.usable(.training)
    guard !pairs.isEmpty else {
      throw LangError(
        "\"\(project.path)\" has no pair to train on", hint: "`halfmaps` says what is wrong")
    }
    let left = project.pairs.filter { $0.role == .training && !$0.isUsable }.map { "\($0.number)" }
    if !left.isEmpty { context.note("left out: \(left.joined(separator: ", ")); see `halfmaps`") }
    let preparation = try preparation()
    let limit = memory?.bytes ?? SystemMemory.available
    let source = HalfMapData(
      preparation: preparation, cube: cshape, memory: limit / 2, seed: chosenSeed(context))
    var data = try source.load(pairs, note: context.note)
    data.isEven = true
    let kept = project.usable(.validation)
    let validation = kept.isEmpty ? nil : try source.load(kept, note: context.note)
    var options = try options(data, context)
    options.preparation = preparation
    let trainer = try Trainer(data, options, validation: validation)
    let run = try HalfMapRun(
      in: out ?? "\(project.path)/out", maps: pairs.count, epochs: epochs, batch: mbs,
      inputs: HalfMapInputs.text(listed(options)))
    context.note("training on \(pairs.count) maps in \(run.path)")
    return try train(trainer, options, run, context)
  }

  private func chosenSeed(_ context: Context) -> UInt64 {
    seed.map { UInt64(bitPattern: Int64($0)) } ?? context.seed
  }

  private func preparation() throws -> MapPreparation {
    guard let size = normVox else {
      guard normVoxMin == nil, normVoxMax == nil else {
        throw LangError("`norm_vox_min` and `norm_vox_max` need `norm_vox`")
      }
      return try MapPreparation(norm: norm, margin: margin)
    }
    let (low, high) = (normVoxMin ?? size, normVoxMax ?? size)
    guard low <= high else {
      throw LangError("`norm_vox_min` is above `norm_vox_max`", argument: "norm_vox_min")
    }
    return try MapPreparation(
      norm: norm, voxel: VoxelNormalization(size: size, allowed: low...high), margin: margin)
  }

  private func options(_ data: TrainingData, _ context: Context) throws -> TrainingOptions {
    guard let method = Method.named("n2n") else { throw LangError("there is no method n2n") }
    var options = try method.options(.init(data))
    if let model {
      options.architecture = model.architecture
    } else {
      options.architecture = HalfMapDefaults.network(cube: cshape)
    }
    options.loss = loss.loss
    options.augmentation = augment.augmentation
    options.patch = [cshape]
    options.batch = mbs
    (options.steps, options.epochs, options.minutes) = (steps, epochs, minutes)
    (options.learningRate, options.schedule) = (lr, schedule.schedule)
    (options.clip, options.averaging, options.validation) = (clip, ema, val)
    // Each map is on a scale of its own already.
    options.normalization = norm ? .none : .meanstd
    // An epoch's file holds that epoch's parameters; which one is best is told by the history.
    options.keep = .last
    options.memory = memory?.bytes
    options.seed = chosenSeed(context)
    options.prediction.seed = options.seed
    if options.augmentation == .dihedral { options.prediction.turns = .few }
    return options
  }

  /// The options that hold, as `inputs.yaml` has them.
  private func listed(_ options: TrainingOptions) -> [(name: String, value: String)] {
    func number(_ value: Double?) -> String { value.map { NumberText.short($0) } ?? "null" }
    return [
      ("epochs", "\(epochs)"), ("mbs", "\(mbs)"), ("cshape", "\(cshape)"), ("margin", "\(margin)"),
      ("norm", "\(norm)"), ("norm_vox", number(normVox)), ("norm_vox_min", number(normVoxMin)),
      ("norm_vox_max", number(normVoxMax)), ("lr", number(lr)),
      ("loss", HalfMapInputs.quoted("\(options.loss)")),
      ("model", HalfMapInputs.quoted(options.architecture.text)),
      ("augment", HalfMapInputs.quoted("\(options.augmentation)")),
      ("schedule", HalfMapInputs.quoted("\(options.schedule)")),
      ("steps", options.steps.map { "\($0)" } ?? "null"), ("minutes", number(minutes)),
      ("val", number(val)), ("clip", number(clip)), ("ema", number(ema)),
      ("seed", "\(Int64(bitPattern: options.seed))"),
    ]
  }

  private func train(
    _ trainer: Trainer, _ options: TrainingOptions, _ run: HalfMapRun, _ context: Context
  ) throws -> Value {
    let progress = context.progress
    func value(_ model: TrainedModel) -> ModelValue {
      ModelValue(model, session: nil, terms: options.loss.parts.map { "\($0.term)" })
    }
    var best: ModelValue?
    var failure: (any Error)?
    let model = try trainer.run { report in
      if let record = report.record, failure == nil {
        do {
          let now = value(try trainer.snapshot())
          try run.add(now, epoch: record.epoch)
          let known = best?.model.history.last?.validation ?? .infinity
          if record.validation.map({ $0 < known }) ?? true { best = now }
        } catch {
          failure = error
        }
      }
      var facts = [
        ("epoch", "\(report.epoch)" + (report.epochs.map { "/\($0)" } ?? "")),
        ("loss", NumberText.short(report.loss)),
      ]
      if let lowest = report.best { facts.append(("best", NumberText.short(lowest))) }
      progress.show(
        ProgressUpdate(
          task: "train_halfmaps", done: report.done, seconds: report.seconds,
          rate: (Double((report.epoch - 1) * report.steps + report.step), "step"), facts: facts))
    }
    progress.finish()
    if let failure { throw failure }
    if model.progress.ended == .interrupted {
      // The epoch that was broken off has its model too.
      if model.progress.stepInEpoch > 0 {
        try run.add(value(model), epoch: model.progress.epoch + 1)
      }
      guard context.keepsInterruptedWork else { throw Interrupted() }
      Interrupt.clear()
      context.note("stopped after \(model.progress.step) steps; what was learned is in \(run.path)")
    }
    return .host(best ?? value(model))
  }
}

/// What a half-map training is unless told otherwise.
enum HalfMapDefaults {
  /// A U-Net without norms, as deep as a cube allows, at most 2.
  static func network(cube: Int) -> UNet {
    var net = UNet()
    net.depth = (0...2).last { cube % (1 << $0) == 0 && cube >> $0 >= 4 } ?? 0
    net.channels = 16
    net.norm = .none
    net.activation = .leaky(0.1)
    net.residual = true
    net.lastStart = 0.02
    return net
  }
}
