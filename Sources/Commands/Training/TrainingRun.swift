import Denoise
import Lang
import TensorEngine

/// A training under way: its progress on the terminal, its run folder, and the value it comes to.
struct TrainingRun {
  let trainer: Trainer
  let data: TrainingData
  let options: TrainingOptions
  /// What keeps it; nil where it is not kept.
  var keeper: RunWriter?
  var preview: TrainingPreview?
  var quality: LiveQuality?

  init(_ trainer: Trainer, _ data: TrainingData, _ options: TrainingOptions) {
    self.trainer = trainer
    self.data = data
    self.options = options
  }

  func run(in context: Context) throws -> Value {
    let progress = context.progress
    let panel = TrainingPanel(preview, context.screen)
    var blind: Double?
    let model: TrainedModel
    do {
      model = try trainer.run { report in
        panel.add(report)
        if let record = report.record {
          blind = record.validation.flatMap { quality?.psnr(validation: $0) } ?? blind
          keeper?.add(record, of: trainer, as: held)
          preview?.update(trainer.snapshot, at: report.seconds)
        }
        progress.show(
          ProgressUpdate(
            task: "train", done: report.done, seconds: report.seconds,
            rate: (Double((report.epoch - 1) * report.steps + report.step), "step"),
            facts: facts(report, blind), panel: panel.drawn))
      }
    } catch {
      keeper?.fail(error)
      throw error
    }
    progress.finish()
    let value = held(model)
    keeper?.finish(value)
    if preview?.path != nil {
      preview?.update({ model }, at: model.progress.seconds, always: true)
    }
    try tellEnd(of: model, context)
    return .host(value)
  }

  private func held(_ model: TrainedModel) -> ModelValue {
    ModelValue(
      model, session: (data, options), terms: options.loss.parts.map { "\($0.term)" },
      run: keeper?.folder.path)
  }

  private func tellEnd(of model: TrainedModel, _ context: Context) throws {
    let kept = keeper.map { "; kept in \($0.folder.path)" } ?? ""
    switch model.progress.ended {
    case .interrupted:
      guard context.keepsInterruptedWork else { throw Interrupted() }
      context.endInterrupt()
      context.note(
        "stopped after \(model.progress.step) steps; the model is what it was then, `resume` goes on"
          + kept)
    case .early: context.note("stopped early, at epoch \(model.progress.epoch)\(kept)")
    case .finished:
      if let keeper { context.note("kept in \(keeper.folder.path)") }
    }
  }

  private func facts(_ report: Trainer.Report, _ blind: Double?) -> [(String, String)] {
    var facts = [
      ("epoch", "\(report.epoch)" + (report.epochs.map { "/\($0)" } ?? "")),
      ("loss", NumberText.short(report.loss)),
    ]
    if let best = report.best { facts.append(("best", NumberText.short(best))) }
    if let blind { facts.append(("blind psnr", NumberText.fixed(blind, 1))) }
    return facts
  }
}
