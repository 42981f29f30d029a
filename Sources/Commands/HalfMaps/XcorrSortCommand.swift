import Denoise
import Formats
import Lang
import TensorEngine

struct XcorrSortCommand: Command {
  static let name = "xcorr_sort"
  static let summary = "ranks the pairs of a half-map project by their cross-correlation"
  static let details = """
    Two halves of one map are alike; where they are not, something was mixed up, shifted or \
    inverted. They are compared in a band of frequencies, for coarse shapes are alike in different \
    particles too, and the finest parts are noise. Pairs below `threshold` are moved to `badMaps`, from where `moveback` fetches them; \
    pairs that cannot be read as halves of one map are moved too. With `dry=true` nothing is moved.
    """
  static let group = "Half maps"
  static let examples = [Example("ranks = xcorr_sort \"project\" threshold=0.2 dry=true")]

  @Argument("folder of the project") var folder: String
  @Option("correlation below which a pair is put aside", in: -1...1) var threshold: Double = 0.2
  @Option("frequencies that are compared, in shares of Nyquist; `none` for all")
  var band: [Double]? = [0.1, 0.4]
  @Option("only ranks") var dry = false

  func run(in context: Context) throws -> Value {
    let project = try HalfMapFolder(folder)
    let pairs = project.pairs.filter { $0.role != .bad }
    let (progress, started) = (context.progress, ContinuousClock.now)
    var ranked: [(pair: HalfMapFolder.Pair, value: Double?)] = []
    for (index, pair) in pairs.enumerated() {
      ranked.append((pair, try correlation(pair)))
      progress.show(
        ProgressUpdate(
          task: "xcorr_sort", done: Double(index + 1) / Double(pairs.count),
          seconds: started.duration(to: .now).seconds, rate: (Double(index + 1), "pair")))
    }
    progress.finish()
    ranked.sort { ($0.value ?? -2, $0.pair.number) < ($1.value ?? -2, $1.pair.number) }
    var table = Table(["map", "set", "xcorr", "moved", "problem"])
    for (pair, value) in ranked {
      let isBad = value.map { $0 < threshold } ?? true
      if isBad, !dry { try project.putAside(pair) }
      table.append([
        "map": .int(pair.number), "set": .string(pair.role.rawValue),
        "xcorr": value.map(Value.number) ?? .none, "moved": .bool(isBad && !dry),
        "problem": .text(pair.problem),
      ])
    }
    return .table(table)
  }

  private var filter: FrequencyFilter? {
    get throws {
      guard let band else { return nil }
      guard band.count == 2, band[0] > 0, band[0] < band[1] else {
        throw LangError("`band` takes `[low, high]`, such as `[0.1, 0.4]`", argument: "band")
      }
      return try FrequencyFilter(low: band[0], high: band[1], measure: .nyquist)
    }
  }

  /// nil for a pair that is none.
  private func correlation(_ pair: HalfMapFolder.Pair) throws -> Double? {
    guard pair.isUsable, let first = pair.first, let second = pair.second else { return nil }
    let filter = try filter
    let halves = try [first, second].map { path -> Tensor in
      let map = try HalfMapData.read(path)
      return try filter?.applied(to: map).tensor ?? map.tensor
    }
    return try Metrics.xcorr(halves[0], halves[1])
  }
}

struct MoveBackCommand: Command {
  static let name = "moveback"
  static let summary = "puts pairs back that `xcorr_sort` moved to `badMaps`"
  static let group = "Half maps"
  static let examples = [Example("moveback \"project\"")]

  @Argument("folder of the project") var folder: String
  @Option("only these numbers") var maps: Either<Int, [Int]>?

  func run(in context: Context) throws -> Value {
    let project = try HalfMapFolder(folder)
    var pairs = project.pairs.filter { $0.role == .bad }
    let wanted: [Int]? =
      switch maps {
      case .first(let number)?: [number]
      case .second(let numbers)?: numbers
      case nil: nil
      }
    if let wanted {
      if let missing = wanted.first(where: { number in !pairs.contains { $0.number == number } }) {
        throw LangError(
          "there is no map \(missing) in \(project.path)/badMaps", argument: "maps")
      }
      pairs = pairs.filter { wanted.contains($0.number) }
    }
    for pair in pairs { try project.putBack(pair) }
    context.note(
      pairs.isEmpty
        ? "there is nothing to put back"
        : "put back " + pairs.map { "\($0.number)" }.joined(separator: ", "))
    return .none
  }
}
