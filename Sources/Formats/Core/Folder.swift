import Glibc

/// Folders on the disk, for what is kept in several files.
package enum Folder {
  /// Makes a folder and those above it; one that is there is left as it is.
  ///
  /// - Throws: `FormatError` where a file stands in its place or the system refuses.
  package static func make(_ path: String) throws {
    for (index, letter) in zip(path.indices, path) where letter == "/" && index > path.startIndex {
      mkdir(String(path[..<index]), 0o777)
    }
    if mkdir(path, 0o777) == 0 { return }
    let number = SystemError.number
    if number == EEXIST, isThere(path) { return }
    throw number == EEXIST
      ? FormatError(
        .exists, "a file \"\(path)\" stands where a folder is wanted", hint: "choose another name")
      : SystemError.writing(path, number)
  }

  package static func isThere(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Names in a folder, hidden ones too, sorted, without `.` and `..`, at most `limit`; none where it
  /// cannot be read.
  package static func names(in path: String, limit: Int = .max) -> [String] {
    guard let folder = opendir(path), let place = MemoryLayout<dirent>.offset(of: \.d_name) else {
      return []
    }
    defer { closedir(folder) }
    var names: [String] = []
    while names.count < limit, let entry = readdir(folder) {
      // Read in place: an entry is only as long as its name, and the last ends at the end of the
      // memory that the library has.
      let name = String(
        cString: (UnsafeRawPointer(entry) + place).assumingMemoryBound(to: CChar.self))
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Removes a file; nothing where there is none.
  package static func remove(file path: String) { unlink(path) }
}

extension Formats {
  /// The bytes of a small file.
  ///
  /// - Throws: `FormatError` where it cannot be read or is longer than `longest`.
  package static func bytes(of path: String, longest: Int = 1 << 28) throws -> [UInt8] {
    try ByteSource(path: path).all(limit: MemoryLimit(bytes: longest))
  }
}
