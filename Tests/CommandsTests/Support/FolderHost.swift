import Glibc
import Lang
import Testing

/// The files of the process' folder, as the program shows them to the language.
struct FolderHost: Host {
  func read(script path: String) throws -> [UInt8] {
    throw LangError("scripts are not read here: \(path)")
  }
  func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }
  func glob(_ pattern: String) throws -> [String] { FolderHost.expand(pattern, 0) }
  func paths(beginning text: String) -> [String] { FolderHost.expand(text + "*", GLOB_MARK) }

  private static func expand(_ pattern: String, _ flags: Int32) -> [String] {
    var found = glob_t()
    defer { globfree(&found) }
    guard Glibc.glob(pattern, flags, nil, &found) == 0 else { return [] }
    return (0..<Int(found.gl_pathc)).compactMap { index in
      found.gl_pathv[index].map { String(cString: $0) }
    }
  }
}

/// A folder that the process stands in for the length of a test, removed with its files afterwards.
final class WorkFolder {
  let path: String
  private let before: String

  init() throws {
    var template = Array("/tmp/dn-commands-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let here = try #require(getcwd(nil, 0))
    before = String(cString: here)
    free(here)
    try #require(chdir(path) == 0)
  }

  deinit {
    _ = chdir(before)
    WorkFolder.clear(path)
  }

  /// Removes a folder with everything in it.
  private static func clear(_ path: String) {
    for name in FolderHost().paths(beginning: path + "/") {
      if name.hasSuffix("/") { clear(String(name.dropLast())) } else { remove(name) }
    }
    for name in FolderHost().paths(beginning: path + "/.") where !name.hasSuffix("./") {
      remove(name)
    }
    rmdir(path)
  }

  /// Makes a folder inside.
  func make(_ name: String) throws { try #require(mkdir("\(path)/\(name)", 0o777) == 0) }

  /// Makes a half-map project of one small map, `project`.
  func makeProject(_ bench: Bench, numbers: [Int] = [1]) throws {
    for name in ["project", "project/1.0", "project/2.0"] { try make(name) }
    for number in numbers {
      try bench.run("a, b, truth3 = sample(\"halfmaps\", size=24, seed=\(number))")
      try bench.run("save a \"\(path)/project/1.0/emd_\(number)_half_map_1.map\"")
      try bench.run("save b \"\(path)/project/2.0/emd_\(number)_half_map_2.map\"")
    }
  }

  /// Goes back to it, wherever a test went.
  func enter() throws { try #require(chdir(path) == 0) }

  func write(_ text: String, to name: String) throws {
    let file = try #require(fopen("\(path)/\(name)", "w"))
    fputs(text, file)
    fclose(file)
  }

  /// The first bytes of a file.
  func head(_ name: String, _ count: Int) throws -> [UInt8] {
    let file = try #require(fopen("\(path)/\(name)", "r"))
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: count)
    let read = fread(&bytes, 1, count, file)
    return Array(bytes.prefix(read))
  }

  func text(_ name: String) throws -> String {
    String(decoding: try head(name, 1 << 16), as: UTF8.self)
  }
}
