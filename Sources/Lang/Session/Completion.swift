/// What could stand at the cursor.
public struct Completion: Equatable, Sendable {
  /// Offset in characters of the word that the candidates replace.
  public let start: Int
  /// Whole words, sorted; options end in `=`, folders in `/`.
  public let candidates: [String]
  /// What a candidate is, in a line, for those of which something can be said.
  public let hints: [String: String]

  public init(start: Int, candidates: [String], hints: [String: String] = [:]) {
    self.start = start
    self.candidates = candidates
    self.hints = hints
  }
}

extension Session {
  /// Candidates for the word before the cursor: commands, functions and variables; options of the
  /// command under the cursor; choices of an option; fields of a value; files inside quotes.
  ///
  /// - Parameter cursor: in characters from the beginning of the line.
  public func complete(_ line: String, cursor: Int) -> Completion {
    let before = Array(line.prefix(max(0, cursor)))
    return Completer(session: self, text: before).completion
  }
}

/// Reads the text before the cursor backwards, as far as it needs to.
private struct Completer {
  let session: Session
  let text: [Character]

  var completion: Completion {
    if let quote = openQuote {
      let beginning = String(text[(quote + 1)...])
      return Completion(
        start: quote + 1, candidates: session.runtime.host.paths(beginning: beginning).sorted())
    }
    let start = wordStart(before: text.count)
    let word = String(text[start...])
    if start > 0, text[start - 1] == "." {
      return found(fields(of: text[..<(start - 1)]), word, start)
    }
    let command = commandUnderCursor(start)
    if let option = optionName(before: start), let command {
      let choices = self.choices(of: option, command)
      if !choices.isEmpty { return found(choices, word, start) }
    }
    var names = session.variableNames + session.catalogue.names
    if let command, command.start < start, optionName(before: start) == nil {
      names += optionNames(command.name).map { $0 + "=" }
      names += words(of: command.name)
    }
    if start == 0 || command == nil { names += Keyword.allCases.map(\.rawValue) }
    return found(names, word, start)
  }

  private func found(_ names: [String], _ word: String, _ start: Int) -> Completion {
    let candidates = Set(names.filter { $0.hasPrefix(word) }).sorted()
    // Many are listed in columns, without room for a word on each.
    guard candidates.count <= Completer.mostHints else {
      return Completion(start: start, candidates: candidates)
    }
    let command = commandUnderCursor(start)?.name
    let hints = candidates.compactMap { name in hint(on: name, in: command).map { (name, $0) } }
    return Completion(
      start: start, candidates: candidates,
      hints: Dictionary(hints, uniquingKeysWith: { first, _ in first }))
  }

  private static let mostHints = 24

  /// What a candidate is: an option of the command, a variable, a command or a function.
  private func hint(on name: String, in command: String?) -> String? {
    let catalogue = session.catalogue
    if name.hasSuffix("=") {
      return command.flatMap { catalogue.command($0)?.parameter(String(name.dropLast()))?.help }
    }
    if let value = session[name] { return value.kind }
    return catalogue.command(name)?.summary ?? catalogue.builtin(name)?.summary
  }

  /// The quotation mark of a string that is not closed.
  private var openQuote: Int? {
    var open: Int?
    var index = 0
    while index < text.count {
      let character = text[index]
      if let start = open {
        if character == "\\", text[start] == "\"" { index += 1 }
        if character == text[start] { open = nil }
      } else if character == "\"" || character == "'" {
        open = index
      } else if character == "#" {
        return nil
      }
      index += 1
    }
    return open
  }

  private func isWordPart(_ character: Character) -> Bool {
    character == "_" || character.isLetter || character.isNumber
  }

  private func wordStart(before end: Int) -> Int {
    var start = end
    while start > 0, isWordPart(text[start - 1]) { start -= 1 }
    return start
  }

  /// Fields of the value of `name` or `name.field.field`.
  private func fields(of path: ArraySlice<Character>) -> [String] {
    var start = path.endIndex
    while start > 0, isWordPart(text[start - 1]) || text[start - 1] == "." { start -= 1 }
    let names = String(path[start...]).split(separator: ".").map(String.init)
    guard let first = names.first, var value = session[first] else { return [] }
    for name in names.dropFirst() {
      // Only what is at hand: a field of an image may have to be computed.
      guard case .record(let record) = value, let next = record[name] else { return [] }
      value = next
    }
    return Fields.names(of: value)
  }

  /// The `epochs` of `epochs=` directly before the word.
  private func optionName(before start: Int) -> String? {
    guard start > 0, text[start - 1] == "=" else { return nil }
    let name = String(text[wordStart(before: start - 1)..<(start - 1)])
    return name.isEmpty ? nil : name
  }

  /// The command whose arguments the cursor is among: that of the innermost open parenthesis, or
  /// else the first word after the last `=`, `(`, `{` or `;`.
  private func commandUnderCursor(_ end: Int) -> (name: String, start: Int)? {
    var depth = 0
    var index = end
    while index > 0 {
      index -= 1
      switch text[index] {
      case ")", "]": depth += 1
      case "[", "(":
        if depth == 0 {
          if text[index] == "[" { continue }
          let start = wordStart(before: index)
          return start < index ? known(start, index) : firstWord(after: index + 1, end)
        }
        depth -= 1
      case ";", "{", "}": if depth == 0 { return firstWord(after: index + 1, end) }
      case "=" where depth == 0 && isAssignment(index):
        return firstWord(after: index + 1, end)
      default: break
      }
    }
    return firstWord(after: 0, end)
  }

  /// An `=` with only names, commas and white space before it assigns; others are options.
  private func isAssignment(_ equals: Int) -> Bool {
    guard equals + 1 < text.count, text[equals + 1] == " " else { return false }
    let names = String(text[..<equals]).split(separator: ",")
    return !names.isEmpty
      && names.allSatisfy {
        $0.split(separator: " ").count == 1 && $0.allSatisfy { isWordPart($0) || $0 == " " }
      }
  }

  private func firstWord(after start: Int, _ end: Int) -> (name: String, start: Int)? {
    var first = start
    while first < end, text[first] == " " { first += 1 }
    var last = first
    while last < end, isWordPart(text[last]) { last += 1 }
    guard last > first, last < end else { return nil }
    return known(first, last)
  }

  private func known(_ start: Int, _ end: Int) -> (name: String, start: Int)? {
    let name = String(text[start..<end])
    return session.catalogue.isKnown(name) ? (name, start) : nil
  }

  private func optionNames(_ name: String) -> [String] {
    session.catalogue.command(name)?.options.map(\.name)
      ?? session.catalogue.builtin(name)?.options.map(\.name) ?? []
  }

  /// Words that a positional argument takes bare.
  private func words(of name: String) -> [String] {
    guard let spec = session.catalogue.command(name) else { return [] }
    return spec.positional.flatMap(\.choices)
  }

  private func choices(of option: String, _ command: (name: String, start: Int)) -> [String] {
    session.catalogue.command(command.name)?.parameter(option)?.choices
      ?? session.catalogue.builtin(command.name)?.option(option)?.choices ?? []
  }
}
