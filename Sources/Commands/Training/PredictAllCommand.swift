import Denoise
import Formats
import Lang
import TensorEngine

struct PredictAllCommand: Command {
  static let name = "predict_all"
  static let summary = "denoises many files into a folder, and says what came of each"
  static let details = """
    Files are read, denoised and written piece by piece, so that memory stays within `memory=` \
    however large they are. One that fails is told in the table and does not stop the others; one \
    whose result is there already is passed over. The table is kept as `summary.csv` in the folder.
    """
  static let group = "Training"
  static let examples = [
    Example("predict_all net [] to=\"denoised\""),
    Example("sheet = predict_all net \"nothing/*.mrc\" to=\"denoised\""),
  ]

  @Argument("trained model") var model: ModelValue
  @Argument("pattern of file names, or a list of them") var files: Either<String, [String]>
  @Option("folder for the results, which bear the names of the files") var to: String
  @Option("averages over all orientations, or so many of them") var tta: TurnsChoice?
  @Option("passes that are averaged", in: 1...100_000) var samples: Int?
  @Option("side of a tile, or a list of sides") var tile: Either<Int, [Int]>?
  @Option("bytes a pass may take, as a number or \"2GB\"") var memory: MemorySize?
  @Option("whether results that are there may be replaced") var overwrite = false

  func run(in context: Context) throws -> Value {
    let paths: [String]
    switch files {
    case .first(let pattern): paths = try context.host.glob(pattern).sorted()
    case .second(let list): paths = list
    }
    try Folder.make(to)
    let predictor = try Predictor(model.model, options)
    let (progress, started) = (context.progress, ContinuousClock.now)
    var table = Table(["file", "shape", "state", "before_std", "after_std", "result"])
    for (index, path) in paths.enumerated() {
      let name = path.split(separator: "/").last.map(String.init) ?? path
      let target = "\(to)/\(name)"
      var row: Record = ["file": .string(path), "result": .string(target)]
      do {
        guard overwrite || !Folder.names(in: to).contains(name) else {
          row["state"] = "there already"
          table.append(row)
          continue
        }
        let outcome = try denoised(path, target, predictor) { done in
          progress.show(
            ProgressUpdate(
              task: name, done: (Double(index) + done) / Double(paths.count),
              seconds: started.duration(to: .now).seconds, rate: (Double(index), "file")))
        }
        row["shape"] = .string(outcome.shape.asShape)
        row["state"] = "denoised"
        row["before_std"] = .number(outcome.before)
        row["after_std"] = .number(outcome.after)
      } catch let error as any Explained where !(error is Interrupted) {
        row["state"] = .string("failed: \(error.message)")
        row["result"] = Value.none
      }
      table.append(row)
    }
    progress.finish()
    try Formats.save(
      .table(DataTable(table)), "\(to)/summary.csv", SaveOptions(overwrite: true))
    return .table(table)
  }

  private var options: PredictionOptions {
    var options = model.model.prediction
    options.turns = tta?.turns ?? options.turns
    options.memory = memory?.bytes
    if let samples {
      options.samples = samples
      if samples > 1, model.model.mask != nil { options.mode = .dropout }
    }
    switch tile {
    case .first(let side)?: options.tile = [side]
    case .second(let sides)?: options.tile = sides
    case nil: break
    }
    return options
  }

  private func denoised(
    _ path: String, _ target: String, _ predictor: Predictor, observe: (Double) -> Void
  ) throws -> (shape: [Int], before: Double, after: Double) {
    let file = try FileImage(path)
    var info = file.info
    info.stored = .float32
    var save = SaveOptions(overwrite: overwrite, provenance: Provenance.line(model.model))
    if let memory { save.limit = MemoryLimit(bytes: memory.bytes / 2) }
    var (before, after) = (StreamedStatistics(), StreamedStatistics())
    try file.forEachPiece { before.add($0) }
    let writer = try Formats.writer(info, target, save)
    try predictor.predict(file, inRows: !writer.takesRuns, observe: observe) { values, first in
      after.add(values)
      try writer.write(values, element: first)
    }
    _ = try writer.finish()
    return (file.shape, before.std, after.std)
  }
}
