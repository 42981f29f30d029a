import Denoise
import Graphics
import Lang
import TensorEngine

struct TrainCommand: Command {
  static let name = "train"
  static let summary = "trains a network from the noisy data"
  static let details = """
    `method` names a set of options; any option given beside it wins. Without `method` the
    project's own recipe is taken (`auto`). `method NAME` prints the line that it stands for.

    Ctrl-C stops at the next step and gives back the model as it is, ready for `predict` and
    `resume`. What can be said of the model without truth is noted at the end and kept as
    `.judged`.

    With `save=` or `name=` the run is kept in a folder: see `runs`.
    """
  static let group = "Training"
  static let examples = [
    Example("net = train noisy method=n2v epochs=20"),
    Example("net = train noisy loss=mse + 0.1*tv mask=grid(4) minutes=5"),
    Example("net = train noisy region=[0..31, 4..35] patch=16 epochs=2"),
  ]

  @Argument("image, list of images or file name") var data: DataArgument
  @Option("named set of options; auto where none is given") var method: MethodName?
  @Option("the other half, the repeated exposure, the clean truth, or the data's own `diagonals`")
  var target: Either<TargetWord, DataArgument>?
  @Option("whether data and target change roles at random; false where the target is clean")
  var swap: Bool?
  @Option("what the network may not see") var mask: MaskValue?
  @Option("what is made small") var loss: LossValue?
  @Option("architecture, or a trained model to start from")
  var model: Either<ArchitectureValue, ModelValue>?
  @Option("how patches are turned and changed") var augment: AugmentationValue?
  @Option("side of a patch, or a list of sides; 0 for whole frames") var patch: Either<Int, [Int]>?
  @Option("patches an epoch; as many as tile the data", in: 1...) var patches: Int?
  @Option("train only there: an image of the space, 1 where to train, or a range for each axis")
  var region: Region?
  @Option("patches a step", in: 1...) var batch: Int?
  @Option("steps an epoch", in: 1...) var steps: Int?
  @Option("passes over the data", in: 1...) var epochs: Int?
  @Option(
    """
    budget of wall time in the place of epochs; methods that wait for epochs are fitted to it: their \
    schedule and rate, what `n2v` hides, and the network where none is given
    """,
    in: 0...
  ) var minutes: Double?
  @Option("how parameters move") var optimizer: OptimizerValue?
  @Option("learning rate; `last` goes on with that of the model it starts from")
  var lr: Either<LastWord, Double>?
  @Option("how the learning rate changes") var schedule: ScheduleValue?
  @Option("when to stop before the end") var stop: StopValue?
  @Option("share of the data kept for validation", in: 0..<1) var val: Double?
  @Option("data to validate on, in the place of a share of the data") var valData: DataArgument?
  @Option("targets of the data to validate on") var valTarget: DataArgument?
  @Option(
    "how intensities are brought to a common scale; `voxel` resamples to the first image's voxels")
  var normalize: NormalizeChoice?
  @Option("differently masked copies of each patch in a batch", in: 1...) var samples: Int?
  @Option("greatest norm of a gradient", in: 0...) var clip: Double?
  @Option("decay of the running average of the parameters", in: 0..<1) var ema: Double?
  @Option("seed of every random draw; the session's where none is given") var seed: Int?
  @Option("which parameters are handed over") var keep: TrainingOptions.Keep?
  @Option("how the model predicts: a record of mode, samples, tta, mix, blend")
  var predict: Record?
  @Option("what activations and gradients are stored in") var precision: Precision?
  @Option("whether it notes at the end what can be said without truth") var report = true
  @Option("bytes it may take, as a number or \"2GB\"") var memory: MemorySize?
  @Option("a record of options") var with: Record?
  @Option("tells what a step takes and does, without training; `explain train …` is the same")
  var explain = false
  @Option("folder that keeps the run, or true for one in `runs`") var save: Either<Bool, String>?
  @Option("name of the run, which is then kept in `runs`") var name: String?
  @Option("epochs between checkpoints that the run's folder keeps", in: 1...) var every: Int?
  @Option("picture of the prediction, rewritten as it trains: .png") var preview: String?
  @Option("whether a run that is there may be replaced") var overwrite = false

  func run(in context: Context) throws -> Value {
    if let with { try context.merge(with) }
    let given = try data.sources(limit: memory?.bytes)
    let preparation = try preparation(of: given)
    func ready(_ data: DataArgument?) throws -> [any ImageSource]? {
      guard let sources = try data?.sources(limit: memory?.bytes) else { return nil }
      return try preparation?.prepared(sources) ?? sources
    }
    let images = try preparation?.prepared(given) ?? given
    let targets = try ready(targetData)
    let data = try TrainingData(
      images: images, targets: targets, regions: region.map { try $0.weights(of: images) })
    var options = try trainingOptions(data, context)
    options.preparation = preparation
    let validation = try ready(valData).map {
      try TrainingData(images: $0, targets: ready(valTarget))
    }
    if let warning = try ChannelNoise(of: images[0]).warning { context.note(warning) }
    if let warning = try warning(of: data, options) { context.note(warning) }
    let trainer = try Trainer(data, options, validation: validation, start: startingModel)
    if explain { return try trainer.explained().table(in: context) }
    var run = TrainingRun(
      trainer,
      ModelValue.Session(
        data: data, options: options, validation: validation, image: given[0], reports: report),
      other: options.target == .pair ? targets?[0] : nil)
    run.preview = try trainingPreview(given[0], context)
    run.quality = (images[0] as? Image).flatMap {
      LiveQuality($0, options, scale: trainer.greyValues)
    }
    run.keeper = try keeper(images, targets, options, context)
    return try run.run(in: context)
  }

  /// Targets that teach nothing, or something else.
  private func warning(of data: TrainingData, _ options: TrainingOptions) throws -> String? {
    if options.target != .clean, try data.isItsOwnTarget {
      return "the target is equal to the data: a network learns to copy it, noise and all; give "
        + "another exposure, or no target"
    }
    guard let found = try data.displacementOfTarget, found.isSure,
      found.distance > TrainCommand.mostDisplaced
    else { return nil }
    let pixels = found.pixels.map { NumberText.fixed($0, 2) }.joined(separator: ", ")
    return "the target lies [\(pixels)] pixels from the data: `align TARGET to=DATA` moves it there"
  }

  /// In pixels; less blurs little.
  private static let mostDisplaced = 0.25

  /// How images are made ready: as for the model it starts from, or to the voxel size of the first.
  private func preparation(of images: [any ImageSource]) throws -> MapPreparation? {
    if let start = startingModel { return start.preparation }
    guard normalize == .voxel else { return nil }
    return try MapPreparation(norm: false, voxel: VoxelNormalization(like: images[0]))
  }

  private func trainingPreview(
    _ image: any ImageSource, _ context: Context
  ) throws -> TrainingPreview? {
    let path = context.writesFiles ? preview : nil
    if let path {
      let made = try TrainingPreview(of: image, to: path)
      _ = try PictureKind(path: path)
      return made
    }
    return context.screen.isLive ? try? TrainingPreview(of: image, to: nil) : nil
  }

  private func keeper(
    _ images: [any ImageSource], _ targets: [any ImageSource]?, _ options: TrainingOptions,
    _ context: Context
  ) throws -> RunWriter? {
    let written = context.given["data"]?.first ?? ""
    let stem = written.filter { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
    guard
      let place = try context.ledger.place(
        save: save, name: name, overwrite: overwrite,
        stem: options.method + "-" + (stem.isEmpty ? "data" : String(stem.prefix(24))))
    else {
      guard every == nil || !context.writesFiles else {
        throw LangError(
          "`every` needs a folder for the checkpoints", hint: "give `save=` or `name=`",
          argument: "every")
      }
      return nil
    }
    func described(_ images: [any ImageSource], _ role: String) throws -> [RunRecord.Data] {
      let words = context.given[role]?.first ?? role
      return try images.enumerated().map { index, image in
        try .init(image, role: role, name: images.count == 1 ? words : "\(words)[\(index)]")
      }
    }
    return try RunWriter(
      place, options: options,
      data: try described(images, "data") + (targets.map { try described($0, "target") } ?? []),
      every: every, in: context)
  }
}
