import Lang

/// What `dn jupyter` does.
enum JupyterAction: Equatable {
  /// Makes the program known to Jupyter, for this user or under a prefix.
  case install(prefix: String?)
  /// Runs as a kernel, with the connection that Jupyter describes in a file.
  case kernel(connection: String)

  /// - Throws: `ProgramError` for words that mean nothing here.
  init(_ words: [String]) throws {
    let usage = "dn jupyter install [--prefix FOLDER]"
    switch words.first {
    case "install":
      let rest = Array(words.dropFirst())
      if rest.isEmpty {
        self = .install(prefix: nil)
      } else if rest.count == 2, rest[0] == "--prefix" {
        self = .install(prefix: rest[1])
      } else {
        throw ProgramError("`jupyter install` does not know `\(rest[0])`", hint: usage)
      }
    case "kernel":
      guard words.count == 2 else {
        throw ProgramError("`jupyter kernel` needs the connection file", hint: "Jupyter gives it")
      }
      self = .kernel(connection: words[1])
    case let word?: throw ProgramError("`jupyter` does not know `\(word)`", hint: usage)
    case nil: throw ProgramError("`jupyter` needs a word", hint: usage)
    }
  }

  func run(_ program: Program) throws -> Int32 {
    switch self {
    case .install(let prefix):
      let folder = try KernelInstallation(prefix: prefix).write()
      program.console.text("the kernel dn is installed in \(folder)\n")
      return Program.Status.success
    case .kernel(let connection):
      let sockets = try KernelSockets(ConnectionFile(path: connection))
      return Kernel(session: program.session(), sockets: sockets).run()
    }
  }
}
