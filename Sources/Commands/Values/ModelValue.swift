import Denoise
import Lang
import TensorEngine

/// A trained model as the language holds it, with what it needs to go on training.
final class ModelValue: HostObject, Bindable {
  static let typeName = "a trained model"
  let model: TrainedModel
  /// What it was trained on and how; nil for a model that came from a file.
  let session: Session?
  /// Names of the loss terms, for the history.
  let terms: [String]
  /// What was said of it without truth; nil for a model that came from a file.
  let judged: BlindReport?

  /// What a training works on.
  struct Session {
    let data: TrainingData
    let options: TrainingOptions
    /// Data to validate on; nil where a share of the data is kept.
    var validation: TrainingData?
    /// The first image, to judge the model on.
    var image: (any ImageSource)?
    /// Whether that is noted at the end of a training.
    var reports = true
  }

  /// The folder that keeps its run; nil where it is not kept.
  let run: String?

  init(
    _ model: TrainedModel, session: Session?, terms: [String], run: String? = nil,
    judged: BlindReport? = nil
  ) {
    self.run = run
    self.model = model
    self.session = session
    self.terms = terms
    self.judged = judged
  }

  /// The same model as the one that a run folder keeps.
  func belonging(to run: String) -> ModelValue {
    ModelValue(model, session: session, terms: terms, run: run, judged: judged)
  }

  var kind: String { "trained model" }

  var inline: String {
    "\(model.method) model, \(model.parameterCount) parameters, \(model.history.count) epochs"
  }

  var display: String {
    var lines = [inline, "  network   " + model.architecture.text]
    if let mask = model.mask { lines.append("  mask      \(mask)") }
    lines.append(
      "  data      \(model.channels) channel\(model.channels == 1 ? "" : "s"), "
        + "\(model.dimensions)-D, \(model.scale)")
    if let preparation = model.preparation { lines.append("  maps      \(preparation)") }
    if let best = model.best {
      var line = "  best      epoch \(best.epoch): loss \(NumberText.short(best.loss))"
      if let value = best.validation { line += ", validation \(NumberText.short(value))" }
      lines.append(line)
    }
    if model.progress.ended != .finished {
      lines.append("  ended     \(model.progress.ended.rawValue)")
    }
    if let run { lines.append("  run       \(run)") }
    return lines.joined(separator: "\n")
  }

  let fieldNames = [
    "history", "best", "options", "parameters", "method", "seconds", "run", "judged",
  ]

  func field(_ name: String) throws -> Value? {
    switch name {
    case "history": .table(history)
    case "best": model.best.map { .record(ModelValue.record($0, terms: terms)) } ?? Value.none
    case "run": run.map(Value.string) ?? Value.none
    case "options":
      .record(Record(model.options.map { ($0.name, Value.string($0.value)) }))
    case "parameters": .int(model.parameterCount)
    case "method": .string(model.method)
    case "seconds": .number(model.progress.seconds)
    case "judged": judged.map { .record(record($0)) } ?? Value.none
    default: nil
    }
  }

  private func record(_ report: BlindReport) -> Record {
    [
      "noise": .number(report.noise), "blind_psnr": report.psnr.map(Value.number) ?? Value.none,
      "peak": .number(report.peak), "removed": .number(report.removed),
      "whiteness": .number(report.whiteness), "bound": .number(report.bound),
      "verdict": .string(report.verdict),
    ]
  }

  private var history: Table {
    ModelValue.history(model.history, terms: terms)
  }

  /// A history as a table: an epoch a row.
  static func history(_ records: [EpochRecord], terms: [String]) -> Table {
    Table(rows: records.map { record($0, terms: terms) })
  }

  private static func record(_ record: EpochRecord, terms: [String]) -> Record {
    var row: Record = [
      "epoch": .int(record.epoch), "step": .int(record.step), "loss": .number(record.loss),
    ]
    if terms.count > 1 {
      for (term, value) in zip(terms, record.terms) { row[term] = .number(value) }
    }
    row["val_loss"] = record.validation.map(Value.number) ?? Value.none
    row["lr"] = .number(record.learningRate)
    row["seconds"] = .number(record.seconds)
    return row
  }
}
