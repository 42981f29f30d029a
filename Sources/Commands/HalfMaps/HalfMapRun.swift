import Denoise
import Formats
import Graphics
import Lang
import TensorEngine

/// The folder of one training of a half-map project: `inputs.yaml`, `models` and `plots` with one
/// file for each epoch, and later `denoised`.
struct HalfMapRun {
  let path: String

  /// Makes the folder `m<maps>_e<epochs>_mbs<batch>`, with `_2`, `_3` … behind where it is there.
  ///
  /// - Throws: `FormatError` where it cannot be written.
  init(in out: String, maps: Int, epochs: Int, batch: Int, inputs: String) throws {
    path = try Folder.makeNew("\(out)/m\(maps)_e\(epochs)_mbs\(batch)")
    for name in ["models", "plots"] { try Folder.make("\(path)/\(name)") }
    try Formats.saveText(inputs, "\(path)/inputs.yaml", overwrite: true)
  }

  /// A run that is there: of a name, or the one made last.
  ///
  /// - Throws: `LangError` where there is none.
  init(named name: String?, in out: String) throws {
    let runs = HalfMapRun.names(in: out)
    if let name {
      guard runs.contains(name) else {
        throw LangError(
          "there is no run \"\(name)\" in \(out)",
          hint: runs.isEmpty
            ? "train first: `train_halfmaps`"
            : "there are "
              + runs.joined(separator: ", "), argument: "run")
      }
      path = "\(out)/\(name)"
      return
    }
    guard
      let last = runs.max(by: { HalfMapRun.made("\(out)/\($0)") < HalfMapRun.made("\(out)/\($1)") })
    else {
      throw LangError("nothing was trained in \(out)", hint: "train first: `train_halfmaps`")
    }
    path = "\(out)/\(last)"
  }

  private static func names(in out: String) -> [String] {
    Folder.names(in: out).filter { Folder.isThere("\(out)/\($0)/models") }
  }

  private static func made(_ path: String) -> Double { Folder.modified("\(path)/inputs.yaml") ?? 0 }

  var name: String { path.split(separator: "/").last.map(String.init) ?? path }
  var denoised: String { "\(path)/denoised" }

  /// Epochs whose model is there.
  var epochs: [Int] {
    Folder.names(in: "\(path)/models").compactMap { name in
      name.wholeMatch(of: /epoch_([0-9]+)\.safetensors/).flatMap { Int($0.output.1) }
    }.sorted()
  }

  private func model(epoch: Int) -> String { "\(path)/models/epoch_\(epoch).safetensors" }

  /// Writes an epoch's model and the curves up to it.
  func add(_ value: ModelValue, epoch: Int) throws {
    try Formats.save(
      .checkpoint(ModelFile.checkpoint(of: value)), model(epoch: epoch),
      SaveOptions(overwrite: true))
    let history = value.model.history
    guard !history.isEmpty else { return }
    var series = [
      Series(
        "training", x: history.map { Double($0.epoch) }, y: history.map(\.loss), kind: .marked)
    ]
    let judged = history.compactMap { row in row.validation.map { (Double(row.epoch), $0) } }
    if !judged.isEmpty {
      series.append(Series("validation", x: judged.map(\.0), y: judged.map(\.1), kind: .marked))
    }
    try Plot(
      "\(name), epoch \(epoch)", x: Axis("epoch"), y: Axis("loss"), series: series
    ).write(to: "\(path)/plots/epoch_\(epoch).png")
  }

  /// The model of an epoch; that of the lowest validation loss where none is named.
  ///
  /// - Throws: `LangError` where there is no such epoch; `FormatError` where it cannot be read.
  func load(epoch: Int?) throws -> (model: TrainedModel, epoch: Int) {
    guard let last = epochs.last else { throw LangError("the run \(name) has no models") }
    if let epoch, !epochs.contains(epoch) {
      throw LangError(
        "the run \(name) has no model of epoch \(epoch)",
        hint: "there are \(epochs.first ?? 0) to \(last)", argument: "epoch")
    }
    let best = try epoch ?? HalfMapRun.best(of: read(last).history, among: epochs) ?? last
    return (try read(best), best)
  }

  /// The epoch of the lowest validation loss; nil where nothing was kept for validation.
  static func best(of history: [EpochRecord], among epochs: [Int]) -> Int? {
    history.filter { $0.validation != nil && epochs.contains($0.epoch) }
      .min { ($0.validation ?? 0) < ($1.validation ?? 0) }?.epoch
  }

  private func read(_ epoch: Int) throws -> TrainedModel {
    let path = model(epoch: epoch)
    guard case .checkpoint(let checkpoint) = try Formats.load(path).content else {
      throw LangError("\"\(path)\" holds no model")
    }
    return try ModelFile.model(of: checkpoint, path: path).model
  }
}
