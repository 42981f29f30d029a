import Formats
import Lang

struct DownloadCommand: Command {
  static let name = "download"
  static let summary = "fetches half maps from EMDB into a half-map project"
  static let details = """
    Looks for released single-particle maps of a resolution and box, fetches both halves of each \
    into `1.0` and `2.0`, several at once, unpacks them and checks their size. What any folder of \
    the project has is passed over. A file that was cut is taken up where it was, now and at the \
    next call; Ctrl-C may be pressed at any time.

    `base` is the address of another server with the same paths, such as a mirror.
    """
  static let group = "Half maps"

  @Argument("folder of the project") var folder: String
  @Option("EMDB numbers; those that a search finds where none are given") var maps:
    Either<Int, [Int]>?
  @Option("smallest and largest side of the box, in voxels") var box: [Int]?
  @Option("finest and coarsest resolution, in A") var resolution: [Double]?
  @Option("maps at most", in: 1...100_000) var count = 10
  @Option("files under way at once", in: 1...32) var parallel = 4
  @Option("tries for a file before it is given up", in: 1...100) var tries = 5
  @Option("another server") var base: String?

  func run(in context: Context) throws -> Value {
    var download = HalfMapDownload(folder: folder)
    switch maps {
    case .first(let number)?: download.numbers = [number]
    case .second(let numbers)?: download.numbers = numbers
    case nil: break
    }
    if let box { download.box = try limits(box, "box") }
    if let resolution { download.resolution = try limits(resolution, "resolution") }
    if maps == nil, resolution == nil, box == nil {
      throw LangError(
        "`download` would fetch any map there is",
        hint: "give limits, such as box=[100, 300] resolution=[2, 4], or `maps=[…]`")
    }
    download.count = maps == nil ? count : max(count, download.numbers?.count ?? 0)
    (download.parallel, download.tries, download.base) = (parallel, tries, base)
    let (progress, started) = (context.progress, ContinuousClock.now)
    let reports = try download.run { done, bytes in
      progress.show(
        ProgressUpdate(
          task: "download", done: done, seconds: started.duration(to: .now).seconds,
          rate: (Double(bytes) / 1e6, "MB")))
    }
    progress.finish()
    var table = Table(["map", "half", "state", "bytes", "note"])
    for report in reports {
      table.append([
        "map": .int(report.number), "half": report.half.map(Value.int) ?? .none,
        "state": .string(report.state.rawValue), "bytes": .int(report.bytes),
        "note": .string(report.note),
      ])
    }
    return .table(table)
  }

  private func limits<T: Comparable>(_ pair: [T], _ name: String) throws -> ClosedRange<T> {
    guard pair.count == 2, pair[0] <= pair[1] else {
      throw LangError(
        "`\(name)` takes the lowest and the highest, such as `[2, 4]`", argument: name)
    }
    return pair[0]...pair[1]
  }
}
