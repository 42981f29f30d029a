import Denoise
import Lang
import TensorEngine

struct ResumeCommand: Command {
  static let name = "resume"
  static let summary = "goes on training from where it stopped"
  static let details = """
    Optimiser, schedule and random streams go on as if it had not stopped; a run's folder is gone on \
    with. A model that was loaded needs its data again.
    """
  static let group = "Training"
  static let examples = [Example("net = resume net epochs=40")]

  @Argument("trained model") var model: ModelValue
  @Option("epochs in all; as many as were asked for where none is given", in: 1...)
  var epochs: Int?
  @Option("other data of the same kind; the same as before where none is given")
  var data: DataArgument?
  @Option("the target of other data") var target: DataArgument?

  func run(in context: Context) throws -> Value {
    let images = try data?.sources(limit: nil)
    let fresh = try images.map {
      try TrainingData(images: ready($0), targets: target.map { try ready($0.sources(limit: nil)) })
    }
    let session = try model.session ?? loaded(fresh, context)
    var options = session.options
    options.epochs = epochs ?? max(options.epochs, model.model.progress.epoch)
    if epochs == nil, model.model.progress.ended != .interrupted {
      options.epochs = model.model.progress.epoch + session.options.epochs
    }
    options.preparation = model.model.preparation
    let data = fresh ?? session.data
    let trainer = try Trainer(
      data, options, validation: session.validation, start: model.model, resume: true)
    var run = TrainingRun(
      trainer,
      ModelValue.Session(
        data: data, options: options, validation: session.validation,
        image: images?.first ?? session.image, reports: session.reports))
    run.keeper = try keeper(options, context)
    return try run.run(in: context)
  }

  /// Images as the model's training saw them.
  private func ready(_ images: [any ImageSource]) throws -> [any ImageSource] {
    try model.model.preparation?.prepared(images) ?? images
  }

  /// The data and options of a model that came from a file.
  private func loaded(
    _ data: TrainingData?, _ context: Context
  ) throws -> ModelValue.Session {
    guard let data else {
      throw LangError(
        "this model came from a file without its data",
        hint: "give it: `resume net data=noisy`", argument: "model")
    }
    // What the target is and how the model predicts is said below.
    let written = Record(
      model.model.options.filter { !["swap", "predict"].contains($0.name) }
        .map { ($0.name, Value.string($0.value)) })
    let train = try context.configured(TrainCommand.self, with: written)
    train.with = written
    var options = try train.trainingOptions(data, context)
    options.architecture = model.model.architecture
    options.seed = model.model.seed
    options.prediction = model.model.prediction
    return ModelValue.Session(data: data, options: options)
  }

  private func keeper(_ options: TrainingOptions, _ context: Context) throws -> RunWriter? {
    guard let path = model.run, let known = RunFolder(path: path).read(),
      let place = try context.ledger.place(
        save: .second(known.key), name: known.name, overwrite: true, stem: "")
    else { return nil }
    let folder = context.writesFiles ? RunFolder(path: path) : place.folder
    return try RunWriter(
      Ledger.Place(folder: folder, name: known.name, key: known.key, overwrite: true),
      options: options, data: known.data, every: nil, before: model, in: context)
  }
}
