/// A file name taken apart: folder, stem and endings.
struct PathName {
  let path: String
  /// The folder part, `"."` where there is none.
  let folder: String
  /// The last part of the path.
  let name: String

  init(_ path: String) {
    self.path = path
    if let slash = path.lastIndex(of: "/") {
      let before = path[..<slash]
      folder = before.isEmpty ? "/" : String(before)
      name = String(path[path.index(after: slash)...])
    } else {
      folder = "."
      name = path
    }
  }

  /// The last ending in lower case without its dot; empty where there is none.
  var ending: String { PathName.split(name).ending.lowercased() }

  /// How the ending asks the file to be packed: `.gz` and `.bz2`.
  var packing: Packing { Packing(ending: ending) }

  /// The ending that names the format: the one before `.gz` or `.bz2` where the file is packed.
  var formatEnding: String {
    packing == .none ? ending : PathName.split(PathName.split(name).stem).ending.lowercased()
  }

  /// The path with `suffix` put before its endings: `out/a.map.gz` and `_2` give `out/a_2.map.gz`.
  func inserting(_ suffix: String) -> String {
    var (stem, ending) = PathName.split(name)
    if packing != .none {
      let inner = PathName.split(stem)
      stem = inner.stem
      ending = inner.ending.isEmpty ? ending : "\(inner.ending).\(ending)"
    }
    let changed = ending.isEmpty ? stem + suffix : "\(stem)\(suffix).\(ending)"
    return path.contains("/") ? (folder == "/" ? "/\(changed)" : "\(folder)/\(changed)") : changed
  }

  /// A name beside `folder`'s other files.
  func sibling(_ name: String) -> String { folder == "/" ? "/\(name)" : "\(folder)/\(name)" }

  private static func split(_ name: String) -> (stem: String, ending: String) {
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return (name, "") }
    return (String(name[..<dot]), String(name[name.index(after: dot)...]))
  }
}
