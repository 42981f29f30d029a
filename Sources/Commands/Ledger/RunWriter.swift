import Denoise
import Formats
import Glibc
import Graphics
import Lang
import TensorEngine

/// Keeps a training in its folder while it runs.
///
/// Where the folder cannot be written any more, that is said once, and the training goes on.
final class RunWriter {
  let folder: RunFolder
  private var run: RunRecord
  private let every: Int?
  private let terms: [String]
  private let events: EventFile
  private let start: Double
  private let note: (String) -> Void
  private var rows: [EpochRecord] = []
  private var isBroken = false
  /// Wall time of the run at which things were last written.
  private var written = -Double.infinity
  private var modelWritten = -Double.infinity
  private let rehearsal: Rehearsal?

  /// Seconds between two writings of the curves, and of the model while it trains.
  private static let pause = 1.0
  private static let modelPause = 60.0

  /// Begins a run's folder: from here on the run is in the ledger.
  ///
  /// - Parameters:
  ///   - every: epochs between checkpoints that are kept.
  ///   - before: the run that this one goes on with.
  init(
    _ place: Ledger.Place, options: TrainingOptions, data: [RunRecord.Data], every: Int?,
    before: ModelValue? = nil, in context: Context
  ) throws {
    folder = place.folder
    self.every = every
    terms = options.loss.parts.map { "\($0.term)" }
    note = context.note
    rehearsal = context.ledger.rehearsal
    start = RunWriter.now
    if let before, let known = place.folder.read() {
      run = known
      run.parts += 1
      rows = before.model.history
    } else {
      try place.folder.begin(overwrite: place.overwrite)
      run = RunRecord(name: place.name, key: place.key)
      run.started = UTC.text(Int(start))
    }
    run.state = .running
    run.problem = nil
    run.process = Int(getpid())
    run.folder =
      getcwd(nil, 0).map { path in
        defer { free(path) }
        return String(cString: path)
      } ?? ""
    run.version = Provenance.version
    run.method = options.method
    run.seed = options.seed
    run.options = options.listed.map { ($0.name, $0.value) }
    run.data = data
    try folder.write(run)
    if every != nil { try Folder.make(folder.checkpoints) }
    try Formats.saveText(RunWriter.script(context, place.name), folder.script, overwrite: true)
    events = try EventFile(folder.events, at: start, fresh: rows.isEmpty)
  }

  private static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// What was typed so far, to be run again.
  private static func script(_ context: Context, _ name: String) -> String {
    let words = context.arguments
    let arguments =
      words.isEmpty ? "" : "args = [" + words.map(Show.quoted).joined(separator: ", ") + "]\n"
    return "# dn \(Provenance.version): up to the run \(name)\n" + arguments
      + context.transcript.script
  }

  /// An epoch is over: its numbers go to the curves, and now and then the model to the disk.
  func add(_ record: EpochRecord, of trainer: Trainer, as value: (TrainedModel) -> ModelValue) {
    rows.append(record)
    guarded {
      var values = [("loss/train", record.loss), ("lr", record.learningRate)]
      if let validation = record.validation { values.append(("loss/validation", validation)) }
      if terms.count > 1 {
        values += zip(terms, record.terms).map { ("term/\($0)", $1) }
      }
      try events.append(values, step: record.step, at: start + record.seconds)
      if let every, record.epoch % every == 0 {
        try save(value(try trainer.snapshot()), folder.checkpoint(epoch: record.epoch))
      }
      if record.seconds - modelWritten >= RunWriter.modelPause {
        try save(value(try trainer.snapshot()), folder.model)
        modelWritten = record.seconds
      }
      if record.seconds - written >= RunWriter.pause {
        try writeCurves()
        written = record.seconds
      }
    }
  }

  /// The training is over.
  func finish(_ value: ModelValue) {
    let model = value.model
    rows = model.history
    run.parameters = model.parameterCount
    run.state =
      switch model.progress.ended {
      case .finished: .finished
      case .early: .stoppedEarly
      case .interrupted: .interrupted
      }
    run.seconds = model.progress.seconds
    run.epochs = model.progress.epoch
    run.steps = model.progress.step
    run.loss = model.history.last?.loss
    run.validation = model.history.compactMap(\.validation).min()
    run.bestEpoch = model.best?.epoch
    guarded {
      try save(value, folder.model)
      try writeCurves()
      try folder.write(run)
    }
    rehearsal?.done += 1
  }

  func fail(_ error: any Error) {
    run.state = .failed
    run.problem = (error as? any Explained)?.message ?? "\(error)"
    run.epochs = rows.last?.epoch ?? 0
    run.steps = rows.last?.step ?? 0
    guarded {
      try writeCurves()
      try folder.write(run)
    }
  }

  private func save(_ value: ModelValue, _ path: String) throws {
    try Formats.save(
      .checkpoint(ModelFile.checkpoint(of: value)), path, SaveOptions(overwrite: true))
  }

  private func writeCurves() throws {
    guard !rows.isEmpty else { return }
    let table = ModelValue.history(rows, terms: terms)
    try Formats.save(.table(DataTable(table)), folder.curves, SaveOptions(overwrite: true))
    guard rows.count > 1 else { return }
    try TablePlot(tables: [table], names: [""], across: nil, up: nil).plot().write(to: folder.plot)
  }

  private func guarded(_ body: () throws -> Void) {
    guard !isBroken else { return }
    do { try body() } catch {
      isBroken = true
      note(
        "the run folder cannot be written any more: "
          + ((error as? any Explained)?.message ?? "\(error)"))
    }
  }
}

/// Points in time as text.
public enum UTC {
  /// `2026-11-21T15:04:05Z` for seconds since 1970.
  public static func text(_ seconds: Int) -> String {
    var time = time_t(seconds)
    var parts = tm()
    guard gmtime_r(&time, &parts) != nil else { return "" }
    func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
      + "T\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))Z"
  }
}
