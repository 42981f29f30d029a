/// What the words after `dn` ask for.
enum Invocation: Equatable {
  /// The prompt, or lines from a standard input that is no terminal.
  case prompt
  /// A script file; `reports` are the files that the reports of the run go to.
  case script(path: String, arguments: [String], reports: [String] = [])
  /// The text after `-c`.
  case text(String, arguments: [String])
  /// A whole script from standard input.
  case standardInput(arguments: [String])
  case check(path: String)
  /// Writes the reference manual and what editors need into a folder.
  case manual(folder: String)
  case jupyter(JupyterAction)
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
    case "manual":
      self = .manual(folder: try Invocation.only(rest, of: "manual", takes: "a folder"))
    case "jupyter": self = .jupyter(try JupyterAction(rest))
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

  /// Options of `run`, each with the endings that its file may have.
  private static let reportOptions = [
    "--html": ["html", "htm"], "--ipynb": ["ipynb"], "--md": ["md"],
  ]
  private static let usageOfRun = "dn run FILE.dn [args…] [--html|--ipynb|--md OUT]"

  /// `run FILE [args…] [--html OUT]`; behind `--` everything belongs to the script.
  private static func run(_ words: [String]) throws -> Invocation {
    var arguments: [String] = []
    var reports: [String] = []
    var index = 0
    while index < words.count {
      let word = words[index]
      index += 1
      let option = String(word.prefix { $0 != "=" })
      if word == "--" {
        arguments += words[index...]
        break
      } else if let endings = reportOptions[option] {
        var file = String(word.dropFirst(option.count + 1))
        if word == option {
          guard index < words.count else { throw ProgramError("`\(option)` needs a file name") }
          file = words[index]
          index += 1
        }
        if file.isEmpty { throw ProgramError("`\(option)` needs a file name") }
        guard endings.contains(where: { file.lowercased().hasSuffix("." + $0) }) else {
          throw ProgramError(
            "`\(option)` writes a file that ends in .\(endings[0]), not \"\(file)\"")
        }
        reports.append(file)
      } else if word.hasPrefix("-"), word != "-", arguments.isEmpty {
        throw ProgramError("`run` has no option `\(word)`", hint: usageOfRun)
      } else {
        arguments.append(word)
      }
    }
    guard let path = arguments.first else {
      throw ProgramError("`run` needs a script", hint: usageOfRun)
    }
    return .script(path: path, arguments: Array(arguments.dropFirst()), reports: reports)
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
