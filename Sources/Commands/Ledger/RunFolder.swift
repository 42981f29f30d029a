import Formats
import Glibc
import Lang

/// A folder that keeps all of a run: what went in, how it went, what came out.
struct RunFolder {
  let path: String

  /// What the run is: options, data, seed, outcome.
  var record: String { path + "/run.json" }
  /// What was typed up to the training, as a script that runs.
  var script: String { path + "/script.dn" }
  /// The history: an epoch a row.
  var curves: String { path + "/curves.csv" }
  /// The same for TensorBoard.
  var events: String { path + "/events.out.tfevents.dn" }
  /// The curves drawn.
  var plot: String { path + "/loss.svg" }
  /// The model: while it trains, as it was not long ago.
  var model: String { path + "/model.safetensors" }
  var checkpoints: String { path + "/checkpoints" }

  func checkpoint(epoch: Int) -> String {
    let digits = "\(epoch)"
    return checkpoints + "/epoch-" + String(repeating: "0", count: max(0, 5 - digits.count))
      + digits + ".safetensors"
  }

  private static let files = [
    "run.json", "script.dn", "curves.csv", "events.out.tfevents.dn", "loss.svg",
    "model.safetensors",
  ]

  var isThere: Bool { access(record, F_OK) == 0 }

  /// What the folder says of its run; nil where it is no run's.
  func read() -> RunRecord? {
    guard let bytes = try? Formats.bytes(of: record, longest: 1 << 24),
      let json = JSON(text: bytes),
      var run = RunRecord(json)
    else { return nil }
    if run.state == .running, run.process > 0, kill(pid_t(clamping: run.process), 0) != 0 {
      run.state = .lost
    }
    return run
  }

  func write(_ run: RunRecord) throws {
    try Formats.saveText(run.json.text() + "\n", record, overwrite: true)
  }

  /// Makes the folder ready for a run.
  ///
  /// - Throws: `LangError` where another run or other files are there and may not be replaced.
  func begin(overwrite: Bool) throws {
    if isThere {
      guard overwrite else {
        throw LangError(
          "there is a run in \"\(path)\" already",
          hint: "choose another name, or say overwrite=true", argument: "save")
      }
      for name in RunFolder.files { Folder.remove(file: path + "/" + name) }
      for name in Folder.names(in: checkpoints) where name.hasSuffix(".safetensors") {
        Folder.remove(file: checkpoints + "/" + name)
      }
    } else if Folder.names(in: path).contains(where: { !RunFolder.isOwn($0) }) {
      throw LangError(
        "\"\(path)\" holds files that are no run's", hint: "choose another folder",
        argument: "save")
    }
    try Folder.make(path)
  }

  /// Whether a name in the folder is one that a run gives: a program that was killed while it began a
  /// run leaves some of them without a record.
  private static func isOwn(_ name: String) -> Bool {
    name == "checkpoints" || files.contains(name)
      || name.hasPrefix(".") && name.hasSuffix(".part")
  }

  /// The model of the run: the finished one, or of a run that was broken off the newest there is.
  ///
  /// - Throws: where there is none, or it cannot be read.
  func loadModel() throws -> ModelValue {
    let newest = Folder.names(in: checkpoints).compactMap(RunFolder.epoch(ofCheckpoint:)).max()
    let kept = access(model, F_OK) == 0 ? try load(model) : nil
    if let newest, newest > kept?.model.progress.epoch ?? -1 {
      return try load(checkpoint(epoch: newest))
    }
    guard let kept else {
      throw LangError(
        "the run in \"\(path)\" has no model yet", hint: "it ended before its first epoch did")
    }
    return kept
  }

  private func load(_ file: String) throws -> ModelValue {
    guard case .checkpoint(let checkpoint) = try Formats.load(file).content else {
      throw LangError("\"\(file)\" holds no model")
    }
    return try ModelFile.model(of: checkpoint, path: file).belonging(to: path)
  }

  /// The epoch in the name of a checkpoint, `epoch-00012.safetensors`; nil for other files.
  private static func epoch(ofCheckpoint name: String) -> Int? {
    guard name.hasPrefix("epoch-"), name.hasSuffix(".safetensors") else { return nil }
    return Int(name.dropFirst("epoch-".count).dropLast(".safetensors".count))
  }
}
