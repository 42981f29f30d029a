import Denoise
import Lang
import TensorEngine

/// A training under way: its progress on the terminal, its run folder, and the value it comes to.
struct TrainingRun {
  let trainer: Trainer
  let session: ModelValue.Session
  /// Another exposure of the image that the model is judged on.
  let other: (any ImageSource)?
  /// What keeps it; nil where it is not kept.
  var keeper: RunWriter?
  var preview: TrainingPreview?
  var quality: LiveQuality?

  init(_ trainer: Trainer, _ session: ModelValue.Session, other: (any ImageSource)? = nil) {
    self.trainer = trainer
    self.session = session
    self.other = other
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
          keeper?.add(record, of: trainer) { held($0, judged: nil) }
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
    let value = held(model, judged: try judge(model))
    keeper?.finish(value)
    if preview?.path != nil {
      preview?.update({ model }, at: model.progress.seconds, always: true)
    }
    try tellEnd(of: value, context)
    return .host(value)
  }

  private func held(_ model: TrainedModel, judged: BlindReport?) -> ModelValue {
    ModelValue(
      model, session: session, terms: session.options.loss.parts.map { "\($0.term)" },
      run: keeper?.folder.path, judged: judged)
  }

  private func tellEnd(of value: ModelValue, _ context: Context) throws {
    let kept = keeper.map { "; kept in \($0.folder.path)" } ?? ""
    let progress = value.model.progress
    switch progress.ended {
    case .interrupted:
      guard context.keepsInterruptedWork else { throw Interrupted() }
      context.endInterrupt()
      context.note(
        "stopped after \(progress.step) steps; the model is what it was then, `resume` goes on"
          + kept)
    case .early: context.note("stopped early, at epoch \(progress.epoch)\(kept)")
    case .finished:
      if let keeper { context.note("kept in \(keeper.folder.path)") }
    }
    if let judged = value.judged, session.reports { context.note(TrainingRun.text(of: judged)) }
  }

  /// Nil where the image is too small to say anything, or the training was stopped.
  private func judge(_ model: TrainedModel) throws -> BlindReport? {
    guard let image = session.image, model.progress.ended != .interrupted else { return nil }
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
