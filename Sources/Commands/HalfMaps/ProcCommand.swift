import Denoise
import Formats
import Graphics
import Lang
import TensorEngine

struct ProcCommand: Command {
  static let name = "proc"
  static let summary = "denoises maps of a half-map project with what was trained there"
  static let details = """
    Finds the maps by number in all the project's folders, denoises both halves, and writes them and \
    their mean into `denoised` of the run, as `emd_<number>_e<epoch>…`, with their shell \
    correlations. The model brings its own normalisation along.

    Denoised halves share what the network adds to both, so their correlation flatters; the picture \
    of the curves also shows that of a denoised half with the other half as it came, which does not.

    With `mix=true` each shell of Fourier space is the mixture of denoised and raw that agrees best \
    with the other half, as far as that is sure, so that what the network blurred stays as sharp as \
    it was; nothing but the two halves decides.
    """
  static let group = "Half maps"
  static let examples = [Example("proc \"project\" 1")]

  @Argument("folder of the project") var folder: String
  @Argument("number of a map, or a list; all that can be used where none are given")
  var maps: Either<Int, [Int]>?
  @Option("name of the run in `out`; the latest where none") var run: String?
  @Option("epoch of the model; the best by validation where none", in: 1...) var epoch: Int?
  @Option("mixes denoised and raw by what the halves agree on") var mix = true
  @Option("averages over all orientations, or so many of them") var tta: TurnsChoice?
  @Option("side of a tile, or a list of sides") var tile: Either<Int, [Int]>?
  @Option("bytes a pass may take, as a number or \"2GB\"") var memory: MemorySize?
  @Option("image of the same space for the correlations; see `soft_mask`") var mask: Image?
  @Option("folder of the runs; `out` in the project's where none") var out: String?

  func run(in context: Context) throws -> Value {
    let project = try HalfMapFolder(folder)
    let run = try HalfMapRun(named: self.run, in: out ?? "\(project.path)/out")
    let (model, epoch) = try run.load(epoch: epoch)
    context.note("run \(run.name), epoch \(epoch)")
    try Folder.make(run.denoised)
    let pairs = try wanted(project)
    var table = Table(["map", "set", "raw_143", "denoised_143", "raw_05", "denoised_05", "file"])
    let (progress, started) = (context.progress, ContinuousClock.now)
    for (index, pair) in pairs.enumerated() {
      let result = try denoised(pair, model) { done in
        progress.show(
          ProgressUpdate(
            task: "proc \(pair.number)", done: (Double(index) + done) / Double(pairs.count),
            seconds: started.duration(to: .now).seconds, rate: (Double(index), "map")))
      }
      let stem = "\(run.denoised)/emd_\(pair.number)_e\(epoch)"
      try write(result, stem, model)
      func length(_ curve: ShellCorrelation, _ threshold: Double) -> Value {
        curve.resolution(at: threshold).map(Value.number) ?? .none
      }
      table.append([
        "map": .int(pair.number), "set": .string(pair.role.rawValue),
        "raw_143": length(result.raw, 0.143), "denoised_143": length(result.after, 0.143),
        "raw_05": length(result.raw, 0.5), "denoised_05": length(result.after, 0.5),
        "file": .string(stem + ".mrc"),
      ])
    }
    progress.finish()
    return .table(table)
  }

  private func wanted(_ project: HalfMapFolder) throws -> [HalfMapFolder.Pair] {
    let numbers: [Int]
    switch maps {
    case .first(let number)?: numbers = [number]
    case .second(let several)?: numbers = several
    case nil: return project.usable(.training) + project.usable(.validation)
    }
    return try numbers.map { number in
      let pair = try project.pair(number)
      if let problem = pair.problem {
        throw LangError("map \(number) cannot be denoised: \(problem)", argument: "maps")
      }
      return pair
    }
  }

  private struct Result {
    let halves: [Image]
    let mean: Image
    let raw: ShellCorrelation
    let after: ShellCorrelation
    /// Of a denoised half with the other as it came: what the network adds to both is not in it.
    let cross: ShellCorrelation
  }

  private func denoised(
    _ pair: HalfMapFolder.Pair, _ model: TrainedModel, observe: (Double) -> Void
  ) throws -> Result {
    var options = model.prediction
    options.turns = tta?.turns ?? options.turns
    options.memory = memory?.bytes
    switch tile {
    case .first(let side)?: options.tile = [side]
    case .second(let sides)?: options.tile = sides
    case nil: break
    }
    let predictor = try Predictor(model, options)
    let raw = try [pair.first, pair.second].compactMap { $0 }.map { try HalfMapData.read($0) }
    var halves = try raw.enumerated().map { index, half in
      try predictor.predict(half) { observe((Double(index) + $0) / 2) }.image
    }
    var mean = try halves[0].mixed(with: halves[1], share: 0.5)
    if mix {
      let mixing = try ShellMixing(raw: (raw[0], raw[1]), denoised: (halves[0], halves[1]))
      mean = try mixing.mixed(
        denoised: mean, raw: raw[0].mixed(with: raw[1], share: 0.5), mixing.mean)
      halves = try zip(halves, raw).map {
        try mixing.mixed(denoised: $0, raw: $1, mixing.halves)
      }
    }
    return Result(
      halves: halves, mean: mean, raw: try ShellCorrelation(raw[0], raw[1], mask: mask),
      after: try ShellCorrelation(halves[0], halves[1], mask: mask),
      cross: try ShellCorrelation(halves[0], raw[1], mask: mask))
  }

  private func write(_ result: Result, _ stem: String, _ model: TrainedModel) throws {
    let options = SaveOptions(
      dtype: .float32, overwrite: true, provenance: Provenance.line(model) + (mix ? ", mixed" : ""))
    try Formats.save(result.mean, stem + ".mrc", options)
    for (index, half) in result.halves.enumerated() {
      try Formats.save(half, "\(stem)_half_map_\(index + 1).mrc", options)
    }
    try Plot.fsc(
      frequencies: result.raw.shells.map(\.frequency),
      [
        ("raw halves", result.raw.shells.map(\.correlation)),
        ("denoised halves", result.after.shells.map(\.correlation)),
        ("denoised half, other raw half", result.cross.shells.map(\.correlation)),
      ], unit: result.raw.unit ?? "px"
    ).write(to: stem + "_fsc.png")
  }
}
