import Denoise
import Formats
import Lang
import TensorEngine

extension ModelFile {
  /// Reads what a checkpoint says of its model.
  struct Reader {
    let metadata: [String: String]
    let path: String

    func damaged(_ name: String) -> LangError {
      LangError(
        "\"\(path)\" is no model of this program: `\(name)` is missing or wrong",
        hint: "only models written by `save` can be loaded")
    }

    func text(_ name: String) throws -> String {
      guard let text = metadata[name] else { throw damaged(name) }
      return text
    }

    func whole(_ name: String) throws -> Int {
      guard let number = Int(try text(name)) else { throw damaged(name) }
      return number
    }

    func list(_ name: String) throws -> [Double] {
      try text(name).split(separator: " ").map {
        guard let number = Double($0) else { throw damaged(name) }
        return number
      }
    }

    /// A value from the line that makes it, such as `unet(depth=2)`.
    func object<T: Bindable>(_ name: String, as type: T.Type) throws -> T {
      let session = Session(
        commands: CommandList.values, output: Output(text: { _ in }, note: { _ in }))
      guard case .finished = session.run("value = " + (try text(name))),
        let value = session["value"].flatMap(T.bind)
      else { throw damaged(name) }
      return value
    }

    func prediction() throws -> PredictionOptions {
      var options = PredictionOptions()
      for part in try text("dn.prediction").split(separator: ",") {
        let pair = part.split(separator: "=").map { $0.filter { $0 != " " } }
        guard pair.count == 2 else { throw damaged("dn.prediction") }
        switch pair[0] {
        case "mode":
          guard let mode = PredictionOptions.Mode(rawValue: pair[1]) else {
            throw damaged("dn.prediction")
          }
          options.mode = mode
        case "samples": options.samples = max(1, Int(pair[1]) ?? 1)
        case "tta": options.turns = Turns(text: pair[1]) ?? .none
        case "mix": options.mixBack = MixBack(stored: pair[1]) ?? .share(0)
        case "seed": options.seed = UInt64(pair[1]) ?? 0
        case "precision": options.precision = Precision(rawValue: pair[1]) ?? .f32
        case "blend": options.blend = .share(Double(pair[1]) ?? 0, noise: nil)
        case "noise":
          guard case .share(let share, _) = options.blend else { break }
          options.blend = .share(share, noise: NoiseCurve(pair[1]))
        default: break
        }
      }
      return options
    }

    /// How maps are made ready; nil for models of other data.
    func preparation() throws -> MapPreparation? {
      guard let text = metadata["dn.preparation"] else { return nil }
      guard let preparation = MapPreparation(text) else { throw damaged("dn.preparation") }
      return preparation
    }

    /// How the scale was found; the scale itself is what counts.
    func normalization() -> Normalization {
      let name = metadata["dn.scale.method"] ?? ""
      return NormalizeChoice.allCases.first { name.hasPrefix($0.rawValue) }?.normalization ?? .none
    }

    func history() throws -> [EpochRecord] {
      try text("dn.history").split(separator: "\n").map { line in
        let row = line.split(separator: " ").compactMap { Double($0) }
        guard row.count >= 6, let epoch = Int(exactly: row[0]), let step = Int(exactly: row[1])
        else { throw damaged("dn.history") }
        return EpochRecord(
          epoch: epoch, step: step, loss: row[2], terms: Array(row.dropFirst(6)),
          validation: row[3].isNaN ? nil : row[3], learningRate: row[4], seconds: row[5])
      }
    }

    func progress(
      _ checkpoint: Checkpoint, _ optimizer: String, _ prefix: String
    ) throws -> TrainingProgress {
      let numbers = try list("dn.progress")
      guard numbers.count >= 11, let epoch = Int(exactly: numbers[0]),
        let step = Int(exactly: numbers[1])
      else { throw damaged("dn.progress") }
      var progress = TrainingProgress()
      progress.epoch = epoch
      progress.step = step
      progress.seconds = numbers[2]
      progress.learningRate = numbers[3]
      progress.plateauReductions = Int(exactly: numbers[4]) ?? 0
      progress.epochsSinceBest = Int(exactly: numbers[5]) ?? 0
      progress.epochsSinceReduction = Int(exactly: numbers[6]) ?? 0
      progress.optimizer.steps = Int(exactly: numbers[7]) ?? 0
      progress.averaged = Int(exactly: numbers[8]) ?? 0
      progress.stepInEpoch = Int(exactly: numbers[9]) ?? 0
      progress.lowest = numbers[10].isNaN ? nil : numbers[10]
      progress.sums = Array(numbers.dropFirst(11))
      progress.optimizer.first = checkpoint[optimizer + "first"]?.values ?? []
      progress.optimizer.second = checkpoint[optimizer + "second"]?.values ?? []
      progress.last = checkpoint[prefix + "last"]?.values ?? []
      progress.average = checkpoint[prefix + "average"]?.values
      return progress
    }

    func options() -> [NamedOption] {
      (metadata["dn.options"] ?? "").split(separator: "\n").compactMap { line in
        let pair = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        return pair.count == 2 ? NamedOption(String(pair[0]), String(pair[1])) : nil
      }
    }
  }
}
