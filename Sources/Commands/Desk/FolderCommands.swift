import Glibc
import Lang

// The folder that file names start from.

struct ListCommand: Command {
  static let name = "ls"
  static let summary = "files and folders, as a table"
  static let details = "Names may hold `*`, `?` and `[…]`. Hidden files are left out."
  static let group = "Desk"
  static let examples = [Example("ls"), Example("ls \"*.png\"")]

  @Argument("folder or pattern") var path: String = "."

  func run(in context: Context) throws -> Value {
    var table = Table(["name", "kind", "bytes"])
    for name in try names(context.host) {
      var status = stat()
      let known = stat(name, &status) == 0
      let isFolder = known && status.st_mode & S_IFMT == S_IFDIR
      table.append([
        "name": .string(shown(name)), "kind": .string(isFolder ? "folder" : "file"),
        "bytes": known && !isFolder ? .int(Int(status.st_size)) : .none,
      ])
    }
    return .table(table)
  }

  private func names(_ host: any Host) throws -> [String] {
    if path.contains(where: { "*?[".contains($0) }) { return try host.glob(path) }
    guard host.exists(path) else {
      throw LangError("there is no file or folder \"\(path)\"", argument: "path")
    }
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return [path] }
    if path == "." { return host.paths(beginning: "").sorted() }
    return host.paths(beginning: path.hasSuffix("/") ? path : path + "/").sorted()
  }

  /// A folder's mark says what its kind says already.
  private func shown(_ name: String) -> String {
    name.count > 1 && name.hasSuffix("/") ? String(name.dropLast()) : name
  }
}

struct ChangeFolderCommand: Command {
  static let name = "cd"
  static let summary = "changes the folder that file names start from"
  static let group = "Desk"
  static let examples = [Example("cd \"..\"")]

  @Argument("folder; your own where none is given") var folder: String?

  func run(in context: Context) throws -> Value {
    let home = getenv("HOME").map { String(cString: $0) }
    guard let target = folder ?? home else {
      throw LangError("the folder of your own is not known", hint: "name one: `cd \"data\"`")
    }
    guard chdir(target) == 0 else {
      throw LangError(
        "cannot go to \"\(target)\": \(String(cString: strerror(errno)))",
        hint: "`ls` shows what there is", argument: folder == nil ? nil : "folder")
    }
    return .none
  }
}

struct FolderCommand: Command {
  static let name = "pwd"
  static let summary = "the folder that file names start from"
  static let group = "Desk"
  static let examples = [Example("pwd")]

  func run(in context: Context) throws -> Value {
    guard let path = getcwd(nil, 0) else {
      throw LangError("the folder is not known: \(String(cString: strerror(errno)))")
    }
    defer { free(path) }
    return .string(String(cString: path))
  }
}
