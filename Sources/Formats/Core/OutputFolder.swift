import CSupport
import Glibc

/// A folder of files being written as one: beside its place under another name, and renamed when
/// it is complete.
///
/// If it is not committed nothing is left of it, and what stood there before stands there still.
final class OutputFolder {
  let path: String
  private let temporaryPath: String
  private let mayReplace: Bool
  private var isOpen = true
  private var bytes = 0

  /// - Throws: `FormatError` where something stands there already, the folder above is missing or
  ///   may not be written to.
  init(path given: String, overwrite: Bool) throws {
    var path = given
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    self.path = path
    mayReplace = overwrite
    let place = PathName(path)
    temporaryPath = place.sibling(".\(place.name.prefix(60)).\(getpid()).part")
    if access(path, F_OK) == 0 {
      guard overwrite else { throw OutputFile.alreadyThere(path) }
      // Nothing is replaced by a folder that is not one of its kind.
      guard StoreFolder.isStore(path) else {
        throw FormatError(
          .notAFile, "\"\(path)\" stands there and is no Zarr array",
          hint: "remove it yourself, or write elsewhere")
      }
    }
    OutputFile.removeOrphans(beside: path)
    StoreFolder.remove(temporaryPath)
    guard mkdir(temporaryPath, 0o777) == 0 else {
      throw SystemError.writing(path, SystemError.number)
    }
  }

  deinit { if isOpen { StoreFolder.remove(temporaryPath) } }

  /// Writes a file inside.
  ///
  /// - Parameter name: Its place, parted by `/`; folders on the way are made.
  func write(_ content: [UInt8], to name: String) throws {
    let parts = name.split(separator: "/").map(String.init)
    var folder = temporaryPath
    for part in parts.dropLast() {
      folder += "/\(part)"
      if mkdir(folder, 0o777) != 0, SystemError.number != EEXIST {
        throw SystemError.writing(path, SystemError.number)
      }
    }
    let file = open("\(temporaryPath)/\(name)", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard file >= 0 else { throw SystemError.writing(path, SystemError.number) }
    defer { close(file) }
    var start = 0
    while start < content.count {
      let done = content.withUnsafeBytes {
        Glibc.write(file, $0.baseAddress?.advanced(by: start), $0.count - start)
      }
      if done < 0 {
        if SystemError.number == EINTR { continue }
        throw SystemError.writing(path, SystemError.number)
      }
      start += done
    }
    bytes += content.count
  }

  /// Puts the finished folder in its place.
  ///
  /// - Returns: The bytes that were written.
  func commit() throws -> Int {
    let stands = access(path, F_OK) == 0
    if stands, !mayReplace { throw OutputFile.alreadyThere(path) }
    if stands {
      // The old one takes the temporary name, and goes.
      if dn_exchange(temporaryPath, path) != 0 {
        StoreFolder.remove(path)
        guard rename(temporaryPath, path) == 0 else {
          throw SystemError.writing(path, SystemError.number)
        }
      }
      StoreFolder.remove(temporaryPath)
    } else if rename(temporaryPath, path) != 0 {
      throw SystemError.writing(path, SystemError.number)
    }
    isOpen = false
    return bytes
  }
}

/// Folders that hold an array in many files.
enum StoreFolder {
  /// Whether a folder is an array or a group of arrays in Zarr's manner.
  static func isStore(_ path: String) -> Bool {
    Folder.isThere(path)
      && ["zarr.json", ".zarray", ".zgroup"].contains { access("\(path)/\($0)", F_OK) == 0 }
  }

  /// Removes a file, or a folder with all that is in it. Links are not followed.
  static func remove(_ path: String) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    if status.st_mode & S_IFMT == S_IFDIR {
      for name in Folder.names(in: path) { remove("\(path)/\(name)") }
      rmdir(path)
    } else {
      unlink(path)
    }
  }
}
