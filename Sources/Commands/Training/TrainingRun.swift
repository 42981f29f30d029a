import Denoise
import Lang
import TensorEngine

/// A training under way: its progress on the terminal, and the value it comes to.
struct TrainingRun {
  let trainer: Trainer
  let data: TrainingData
  let options: TrainingOptions

  init(_ trainer: Trainer, _ data: TrainingData, _ options: TrainingOptions) {
    self.trainer = trainer
    self.data = data
    self.options = options
  }

  func run(in context: Context) throws -> Value {
    let progress = context.progress
    let model = try trainer.run { report in
      progress.show(
        ProgressUpdate(
          task: "train", done: report.done, seconds: report.seconds,
          rate: (Double((report.epoch - 1) * report.steps + report.step), "step"),
          facts: facts(report)))
    }
    progress.finish()
    switch model.progress.ended {
    case .interrupted:
      guard context.keepsInterruptedWork else { throw Interrupted() }
      Interrupt.clear()
      context.note(
        "stopped after \(model.progress.step) steps; the model is what it was then, `resume` goes on"
      )
    case .early: context.note("stopped early, at epoch \(model.progress.epoch)")
    case .finished: break
    }
    return .host(
      ModelValue(
        model, session: (data, options), terms: options.loss.parts.map { "\($0.term)" }))
  }

  private func facts(_ report: Trainer.Report) -> [(String, String)] {
    var facts = [
      ("epoch", "\(report.epoch)" + (report.epochs.map { "/\($0)" } ?? "")),
      ("loss", NumberText.short(report.loss)),
    ]
    if let best = report.best { facts.append(("best", NumberText.short(best))) }
    return facts
  }
}
