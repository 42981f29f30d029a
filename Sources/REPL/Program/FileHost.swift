import Glibc
import Lang

/// The files that the language sees.
struct FileHost: Host {
  func read(script path: String) throws -> [UInt8] { try ScriptFile.read(path) }

  func exists(_ path: String) -> Bool {
    !path.contains("\0") && access(path, F_OK) == 0
  }

  func glob(_ pattern: String) throws -> [String] { try FileHost.expand(pattern, 0) }

  func paths(beginning text: String) -> [String] {
    let special: Set<Character> = ["*", "?", "[", "\\"]
    let literal = text.map { special.contains($0) ? "\\\($0)" : "\($0)" }.joined()
    return (try? FileHost.expand(literal + "*", GLOB_MARK)) ?? []
  }

  private static func expand(_ pattern: String, _ flags: Int32) throws -> [String] {
    guard !pattern.contains("\0") else { return [] }
    var found = glob_t()
    defer { globfree(&found) }
    switch Glibc.glob(pattern, flags, nil, &found) {
    case 0: break
    case GLOB_NOMATCH: return []
    default: throw ProgramError("cannot look for files like \"\(pattern)\"")
    }
    return (0..<Int(found.gl_pathc)).compactMap { index in
      found.gl_pathv[index].map { String(cString: $0) }
    }
  }
}
