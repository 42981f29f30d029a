import Glibc
import TensorEngine

/// A half-map project: a folder with `1.0` and `2.0`, the halves paired by their number, `1.5` and
/// `2.5`, pairs kept for validation, and `badMaps`, pairs put aside. Beside them `inputs.yaml`, the
/// options, and `out`, what was trained.
public struct HalfMapFolder: Sendable {
  /// What pairs of maps are for.
  public enum Role: String, Sendable, CaseIterable {
    case training, validation, bad

    /// Folders of the first and second halves, as pairs of names.
    fileprivate var folders: [(first: String, second: String)] {
      switch self {
      case .training: [("1.0", "2.0")]
      case .validation: [("1.5", "2.5")]
      case .bad: [("badMaps/1.0", "badMaps/2.0"), ("badMaps/1.5", "badMaps/2.5")]
      }
    }
  }

  /// The two halves of one map.
  public struct Pair: Sendable {
    /// Its number, as EMDB counts: the `3001` of `emd_3001_half_map_1.map`.
    public let number: Int
    public let role: Role
    /// Files of the halves; nil where one is missing.
    public let first: String?
    public let second: String?
    /// Sides, in the order Z, Y, X, and voxel size of the first half that can be read.
    public let shape: [Int]?
    public let voxel: [Double]?
    /// Why it cannot be used, in a sentence; nil where it can.
    public let problem: String?

    public var isUsable: Bool { problem == nil }
  }

  public let path: String
  /// Sorted by role and number.
  public let pairs: [Pair]
  /// Files that bear no number, with the folder.
  public let unnumbered: [String]

  /// - Throws: `FormatError` where there is no such folder, or none of `1.0` and `2.0` in it.
  public init(_ path: String) throws {
    self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    let root = self.path
    guard Folder.isThere(root) else { throw SystemError.reading(root, ENOENT) }
    guard ["1.0", "2.0"].contains(where: { Folder.isThere("\(root)/\($0)") }) else {
      throw FormatError(
        .missing, "\"\(root)\" is no half-map project: it has neither a folder 1.0 nor 2.0",
        hint: "put first halves into \(root)/1.0 and second halves into \(root)/2.0, or `download`")
    }
    var pairs: [Pair] = []
    var unnumbered: [String] = []
    for role in Role.allCases {
      for folders in role.folders {
        let first = HalfMapFolder.files(in: "\(root)/\(folders.first)")
        let second = HalfMapFolder.files(in: "\(root)/\(folders.second)")
        unnumbered += first.unnumbered + second.unnumbered
        for number in Set(first.numbered.keys).union(second.numbered.keys).sorted() {
          pairs.append(
            HalfMapFolder.pair(
              number, role, first.numbered[number] ?? [], second.numbered[number] ?? []))
        }
      }
    }
    self.pairs = pairs
    self.unnumbered = unnumbered
  }

  /// Pairs of a role that can be used.
  public func usable(_ role: Role) -> [Pair] { pairs.filter { $0.role == role && $0.isUsable } }

  /// The pair of a number, wherever it lies.
  ///
  /// - Throws: `FormatError` where no folder has it.
  public func pair(_ number: Int) throws -> Pair {
    if let pair = pairs.first(where: { $0.number == number }) { return pair }
    let known = Set(pairs.map(\.number)).sorted().prefix(12).map(String.init)
    throw FormatError(
      .missing, "no folder of \"\(path)\" has a map \(number)",
      hint: known.isEmpty
        ? "there are no maps at all" : "there are \(known.joined(separator: ", "))")
  }

  /// The endings of maps, packed or not.
  private static func isMap(_ name: String) -> Bool {
    !name.hasPrefix(".") && ["map", "mrc", "ccp4", "rec"].contains(PathName(name).formatEnding)
  }

  private static func files(
    in folder: String
  ) -> (numbered: [Int: [String]], unnumbered: [String]) {
    var numbered: [Int: [String]] = [:]
    var unnumbered: [String] = []
    for name in Folder.names(in: folder) where isMap(name) {
      if let number = number(of: name) {
        numbered[number, default: []].append("\(folder)/\(name)")
      } else {
        unnumbered.append("\(folder)/\(name)")
      }
    }
    return (numbered, unnumbered)
  }

  /// The number in a file's name: the one after `emd`, or else the first that does not count halves.
  public static func number(of name: String) -> Int? {
    let text = name.lowercased()
    if let match = text.firstMatch(of: /emd[-_]?([0-9]{1,9})/) { return Int(match.output.1) }
    let rest = text.replacing(/half[-_]?(map)?[-_]?[12]/, with: "")
    return rest.firstMatch(of: /[0-9]{1,9}/).flatMap { Int($0.output) }
  }

  private static func pair(
    _ number: Int, _ role: Role, _ first: [String], _ second: [String]
  ) -> Pair {
    let infos = [first.first, second.first].map { path in
      path.map { path in Result { try Formats.describe(path, LoadOptions(axes: nil)) } }
    }
    let known = infos.compactMap { try? $0?.get() }
    return Pair(
      number: number, role: role, first: first.first, second: second.first,
      shape: known.first?.shape, voxel: known.first?.voxel,
      problem: problem(first, second, infos))
  }

  private static func problem(
    _ first: [String], _ second: [String], _ infos: [Result<ImageInfo, any Error>?]
  ) -> String? {
    for files in [first, second] where files.count > 1 {
      return "\(files.count) files have its number: \(files.joined(separator: ", "))"
    }
    guard let a = infos[0], let b = infos[1] else {
      return infos[0] == nil ? "its first half is missing" : "its second half is missing"
    }
    switch (a, b) {
    case (.failure(let error), _), (_, .failure(let error)):
      return (error as? any Explained)?.message ?? "\(error)"
    case (.success(let a), .success(let b)):
      guard a.axes == "ZYX", b.axes == "ZYX" else {
        return "it is no volume: axes \(a.axes == "ZYX" ? b.axes : a.axes)"
      }
      if a.shape != b.shape {
        return "the halves' boxes differ: \(a.shape.asShape) and \(b.shape.asShape)"
      }
      guard agree(a.voxel, b.voxel) else {
        return "the halves' voxel sizes differ: \(text(a.voxel)) and \(text(b.voxel))"
      }
      return nil
    }
  }

  /// Headers hold single precision, and programs round.
  private static func agree(_ a: [Double]?, _ b: [Double]?) -> Bool {
    guard let a, let b else { return a == nil && b == nil }
    return zip(a, b).allSatisfy { abs($0 - $1) <= 1e-3 * max($0, $1) }
  }

  private static func text(_ voxel: [Double]?) -> String {
    guard let voxel else { return "none" }
    return voxel.map { "\(Float($0))" }.joined(separator: " x ")
  }

  // MARK: Moving pairs

  /// Puts both halves of a pair aside, into `badMaps`.
  ///
  /// - Throws: `FormatError` where a file of that name lies there already; then nothing has moved.
  public func putAside(_ pair: Pair) throws {
    guard pair.role != .bad else { return }
    try move(pair) { folder, name in "\(path)/badMaps/\(folder)/\(name)" }
  }

  /// Puts a pair that was put aside back to where it was.
  ///
  /// - Throws: `FormatError` where a file of that name lies there already; then nothing has moved.
  public func putBack(_ pair: Pair) throws {
    guard pair.role == .bad else { return }
    try move(pair) { folder, name in "\(path)/\(folder)/\(name)" }
  }

  private func move(_ pair: Pair, to target: (_ folder: String, _ name: String) -> String) throws {
    let moves = [pair.first, pair.second].compactMap { $0 }.map { file in
      let place = PathName(file)
      return (from: file, to: target(PathName(place.folder).name, place.name))
    }
    for (_, target) in moves { try Folder.make(PathName(target).folder) }
    var done: [(from: String, to: String)] = []
    do {
      for step in moves {
        try Folder.move(step.from, to: step.to)
        done.append(step)
      }
    } catch {
      // Half a pair is worse than none.
      for step in done { try? Folder.move(step.to, to: step.from) }
      throw error
    }
  }
}
