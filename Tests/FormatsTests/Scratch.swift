import Formats
import Glibc
import TensorEngine
import Testing

/// A folder for one test, removed with everything in it afterwards.
final class Scratch {
  let folder: String

  init() throws {
    var template = Array("/tmp/dn-formats-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    chmod(folder, 0o755)
    for name in names { Scratch.remove(all: "\(folder)/\(name)") }
    rmdir(folder)
  }

  private static func remove(all path: String) {
    if let handle = opendir(path) {
      var names: [String] = []
      while let entry = readdir(handle) {
        let name = withUnsafeBytes(of: entry.pointee.d_name) {
          String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        if name != ".", name != ".." { names.append(name) }
      }
      closedir(handle)
      for name in names { remove(all: "\(path)/\(name)") }
    }
    Glibc.remove(path)
  }

  func path(_ name: String) -> String { "\(folder)/\(name)" }

  /// Names of what is in the folder, hidden files included, sorted.
  var names: [String] {
    guard let handle = opendir(folder) else { return [] }
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Writes bytes as they are and gives back the path.
  @discardableResult
  func write(_ bytes: [UInt8], to name: String) throws -> String {
    let file = try #require(fopen(path(name), "wb"))
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
    return path(name)
  }

  func write(_ text: String, to name: String) throws -> String {
    try write(Array(text.utf8), to: name)
  }

  static func read(_ path: String) throws -> [UInt8] {
    let file = try #require(fopen(path, "rb"))
    defer { fclose(file) }
    fseek(file, 0, SEEK_END)
    var bytes = [UInt8](repeating: 0, count: ftell(file))
    rewind(file)
    try #require(fread(&bytes, 1, bytes.count, file) == bytes.count)
    return bytes
  }
}

/// An image whose elements are all different: `first`, `first + step`, …
func ramp(
  _ shape: [Int], axes: String, stored: StoredType = .float32, first: Float = 0, step: Float = 1,
  voxel: [Double]? = nil, unit: String? = nil
) throws -> Image {
  try Image(
    Tensor(shape: shape) { first + step * Float($0) }, axes: axes, voxel: voxel, unit: unit,
    stored: stored)
}

/// Runs `body`, which must throw, and gives back what it threw.
func failure(
  _ location: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) throws -> FormatError {
  try #require(throws: FormatError.self, sourceLocation: location) { try body() }
}
