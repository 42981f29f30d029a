import Glibc

extension Folder {
  /// Moves a file to another name on the same disk.
  ///
  /// - Throws: `FormatError` where something has the new name already, or the system refuses.
  package static func move(_ path: String, to target: String) throws {
    guard access(target, F_OK) != 0 else {
      throw FormatError(
        .exists, "\"\(target)\" is there already, so \"\(path)\" was not moved",
        hint: "rename or remove one of the two")
    }
    guard rename(path, target) == 0 else {
      let number = SystemError.number
      throw number == ENOENT
        ? SystemError.reading(path, number) : SystemError.writing(target, number)
    }
  }

  /// When a file was last changed, in seconds; nil where there is none.
  package static func modified(_ path: String) -> Double? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) * 1e-9
  }

  /// Makes a folder that was not there: `path`, or where that is taken `path_2`, `path_3` and so on.
  ///
  /// - Returns: its name.
  /// - Throws: `FormatError` where the system refuses.
  package static func makeNew(_ path: String) throws -> String {
    if let slash = path.lastIndex(of: "/"), slash > path.startIndex {
      try make(String(path[..<slash]))
    }
    var number = 1
    while true {
      let name = number == 1 ? path : "\(path)_\(number)"
      if mkdir(name, 0o777) == 0 { return name }
      guard SystemError.number == EEXIST else {
        throw SystemError.writing(name, SystemError.number)
      }
      number += 1
    }
  }
}
