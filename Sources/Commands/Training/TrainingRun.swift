import Denoise
import Lang
import TensorEngine

/// A training under way: its progress on the terminal, and the value it comes to.
struct TrainingRun {
  let trainer: Trainer
  let session: ModelValue.Session
  /// Another exposure of the image that the model is judged on.
  let other: (any ImageSource)?

  init(_ trainer: Trainer, _ session: ModelValue.Session, other: (any ImageSource)? = nil) {
    self.trainer = trainer
    self.session = session
    self.other = other
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
    let judged = try judge(model)
    if let judged, session.reports { context.note(TrainingRun.text(of: judged)) }
    return .host(
      ModelValue(
        model, session: session, terms: session.options.loss.parts.map { "\($0.term)" },
        judged: judged))
  }

  /// Nil where the image is too small to say anything.
  private func judge(_ model: TrainedModel) throws -> BlindReport? {
    guard let image = session.image else { return nil }
    do {
      return try BlindReport(of: model, on: image, other: other)
    } catch is DenoiseError {
      return nil
    }
  }

  private static func text(of report: BlindReport) -> String {
    let psnr =
      report.psnr.map {
        "blind PSNR \(NumberText.fixed($0, 1)) dB (peak \(NumberText.short(report.peak)))"
      } ?? "no blind PSNR: the noise explains all of the error"
    return "judged without truth: noise \(NumberText.short(report.noise)), \(psnr), "
      + "removed \(NumberText.fixed(report.removed, 2)) of the noise's strength, "
      + "whiteness \(NumberText.fixed(report.whiteness, 2)): \(report.verdict)"
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
