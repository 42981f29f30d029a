import Denoise
import Lang
import TensorEngine

struct ResumeCommand: Command {
  static let name = "resume"
  static let summary = "goes on training from where it stopped"
  static let details = "Optimiser, schedule and random streams go on as if it had not stopped."
  static let group = "Training"
  static let examples = [Example("net = resume net epochs=40")]

  @Argument("trained model") var model: ModelValue
  @Option("epochs in all; as many as were asked for where none is given", in: 1...)
  var epochs: Int?
  @Option("other data of the same kind; the same as before where none is given")
  var data: DataArgument?
  @Option("the target of other data") var target: DataArgument?

  func run(in context: Context) throws -> Value {
    guard let session = model.session else {
      throw LangError(
        "this model came from a file without its data",
        hint: "train on with `train data model=NET lr=last`")
    }
    var options = session.options
    options.epochs = epochs ?? max(options.epochs, model.model.progress.epoch)
    if epochs == nil, model.model.progress.ended != .interrupted {
      options.epochs = model.model.progress.epoch + session.options.epochs
    }
    let images = try data?.sources(limit: nil)
    let fresh = try images.map {
      try TrainingData(images: $0, targets: target?.sources(limit: nil))
    }
    let data = fresh ?? session.data
    let trainer = try Trainer(
      data, options, validation: session.validation, start: model.model, resume: true)
    return try TrainingRun(
      trainer,
      ModelValue.Session(
        data: data, options: options, validation: session.validation,
        image: images?.first ?? session.image, reports: session.reports)
    ).run(in: context)
  }
}
