/// Reads and parses included files, each once; refuses circles.
final class Includes {
  private let host: any Host
  private var parsed: [String: Program] = [:]
  /// The files that are being included, outermost first.
  private var open: [String]
  private static let deepest = 32

  init(host: any Host, open: [String]) {
    self.host = host
    self.open = open
  }

  /// A relative path is meant from the folder of the file that includes.
  static func resolve(_ path: String, from source: Source) -> String {
    guard !path.hasPrefix("/"), !path.hasPrefix("~"),
      let slash = source.name.utf8.lastIndex(of: UInt8(ascii: "/"))
    else { return path }
    return source.name[...slash] + path
  }

  /// The parsed file; nil where it cannot be read.
  func program(_ path: String, from source: Source) -> Program? {
    try? load(Includes.resolve(path, from: source))
  }

  private func load(_ path: String) throws -> Program {
    if let known = parsed[path] { return known }
    let program = Parser.parse(Source(name: path, bytes: try host.read(script: path)))
    parsed[path] = program
    return program
  }

  /// Hands the parsed file to a body, and notes for the while that it is being included.
  ///
  /// - Throws: where it cannot be read, includes itself, or the nesting is too deep.
  func including<T>(_ path: String, from source: Source, _ body: (Program) throws -> T) throws -> T
  {
    let path = Includes.resolve(path, from: source)
    guard !open.contains(path) else {
      throw LangError(
        "`\(path)` includes itself",
        hint: "the circle is \((open + [path]).joined(separator: " -> "))")
    }
    guard open.count < Includes.deepest else {
      throw LangError("files are included more than \(Includes.deepest) deep")
    }
    let program = try load(path)
    open.append(path)
    defer { open.removeLast() }
    return try body(program)
  }
}
