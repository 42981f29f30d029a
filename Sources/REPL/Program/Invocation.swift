/// What the words after `dn` ask for.
enum Invocation: Equatable {
  /// The prompt, or lines from a standard input that is no terminal.
  case prompt
  /// A script file; `html` is where the report of the run goes.
  case script(path: String, arguments: [String], html: String? = nil)
  /// The text after `-c`.
  case text(String, arguments: [String])
  /// A whole script from standard input.
  case standardInput(arguments: [String])
  case check(path: String)
  case help(name: String?)
  case usage
  case version

  /// Reads the words after the program's name.
  ///
  /// - Throws: `ProgramError` for a word that has no meaning there.
  init(_ words: [String]) throws {
    guard let first = words.first else {
      self = .prompt
      return
    }
    let rest = Array(words.dropFirst())
    switch first {
    case "-c":
      guard let text = rest.first else {
        throw ProgramError("`-c` needs the commands to run", hint: "as in dn -c 'print 1 + 1'")
      }
      self = .text(text, arguments: Array(rest.dropFirst()))
    case "-": self = .standardInput(arguments: rest)
    case "run": self = try Invocation.run(rest)
    case "check": self = .check(path: try Invocation.only(rest, of: "check", takes: "a script"))
    case "help":
      self = .help(
        name: rest.isEmpty ? nil : try Invocation.only(rest, of: "help", takes: "a name"))
    case "-h", "--help": self = .usage
    case "--version": self = .version
    case "--":
      guard let path = rest.first else { throw ProgramError("`--` needs a script behind it") }
      self = .script(path: path, arguments: Array(rest.dropFirst()))
    case _ where first.hasPrefix("-"):
      throw ProgramError("dn has no option `\(first)`", hint: "`dn --help` tells what there is")
    default: self = .script(path: first, arguments: rest)
    }
  }

  /// `run FILE [args…] [--html OUT]`; behind `--` everything belongs to the script.
  private static func run(_ words: [String]) throws -> Invocation {
    var arguments: [String] = []
    var html: String?
    var index = 0
    while index < words.count {
      let word = words[index]
      index += 1
      if word == "--" {
        arguments += words[index...]
        break
      } else if word == "--html" {
        guard index < words.count else { throw ProgramError("`--html` needs a file name") }
        html = words[index]
        index += 1
      } else if word.hasPrefix("--html=") {
        html = String(word.dropFirst("--html=".count))
      } else if word.hasPrefix("-"), word != "-", arguments.isEmpty {
        throw ProgramError(
          "`run` has no option `\(word)`", hint: "dn run FILE.dn [args…] [--html OUT.html]")
      } else {
        arguments.append(word)
      }
    }
    guard let path = arguments.first else {
      throw ProgramError("`run` needs a script", hint: "dn run FILE.dn [--html OUT.html]")
    }
    if html == "" { throw ProgramError("`--html` needs a file name") }
    return .script(path: path, arguments: Array(arguments.dropFirst()), html: html)
  }

  private static func only(
    _ words: [String], of verb: String, takes what: String
  ) throws -> String {
    guard let word = words.first else { throw ProgramError("`\(verb)` needs \(what)") }
    guard words.count == 1 else {
      throw ProgramError("`\(verb)` takes \(what) alone, not also `\(words[1])`")
    }
    return word
  }
}
