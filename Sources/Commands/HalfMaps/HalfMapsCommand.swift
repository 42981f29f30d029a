import Formats
import Lang

struct HalfMapsCommand: Command {
  static let name = "halfmaps"
  static let summary = "the pairs of a half-map project, and what is wrong with them"
  static let details = """
    A project is a folder with the half maps of many structures: first halves in `1.0`, second ones \
    in `2.0`, paired by their EMDB number; in `1.5` and `2.5` pairs that are kept for validation; in \
    `badMaps` pairs that were put aside. Beside them lie `inputs.yaml`, the options, and `out`, what \
    was trained. Boxes and voxel sizes of two halves must agree.

    `download` fills the folders, `xcorr_sort` puts mismatched pairs aside, `moveback` undoes that, \
    `train_halfmaps` trains and `proc` denoises.
    """
  static let group = "Half maps"
  static let examples = [Example("halfmaps \"project\"")]

  @Argument("folder of the project") var folder: String

  func run(in context: Context) throws -> Value {
    let project = try HalfMapFolder(folder)
    for file in project.unnumbered { context.note("\(file) bears no number and is passed over") }
    let bad = project.pairs.filter { !$0.isUsable }
    if !bad.isEmpty {
      context.note("\(bad.count) of \(project.pairs.count) pairs cannot be used")
    }
    var table = Table(["map", "set", "box", "voxel", "problem"])
    for pair in project.pairs {
      table.append([
        "map": .int(pair.number), "set": .string(pair.role.rawValue),
        "box": .text(pair.shape?.asShape), "voxel": HalfMapTable.voxel(pair),
        "problem": .text(pair.problem),
      ])
    }
    return .table(table)
  }
}

enum HalfMapTable {
  /// One number where the voxel is a cube.
  static func voxel(_ pair: HalfMapFolder.Pair) -> Value {
    guard let voxel = pair.voxel, let first = voxel.first else { return .none }
    let isCube = voxel.allSatisfy { abs($0 - first) < 1e-4 * first }
    return isCube ? .number(Double(Float(first))) : .numbers(voxel.map { Double(Float($0)) })
  }
}
