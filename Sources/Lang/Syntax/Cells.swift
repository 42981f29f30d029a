/// The cells of a script in the percent format: lines that start with `# %%`.
public struct Cells: Sendable {
  public struct Cell: Equatable, Sendable {
    /// What stands after `# %%`.
    public let title: String
    public let isProse: Bool
    /// Markdown without the leading `#`, up to the first line that is no comment; or code as it stands.
    public let text: String
    let start: Int
    /// Whether a line `# %%` begins it.
    let isMarked: Bool
  }

  public private(set) var cells: [Cell] = []
  /// Lines of code, as stretches of the source; marks and prose are left out.
  private var codeLines: [Span] = []

  /// Text before the first mark is a code cell without a title.
  public init(_ source: Source) {
    var title = ""
    var isProse = false
    var lines: [String] = []
    var start = 0
    var isMarked = false
    func close(_ cells: inout [Cell]) {
      let text = lines.joined(separator: "\n").trimmingNewlines
      if !text.isEmpty || !title.isEmpty {
        cells.append(
          Cell(title: title, isProse: isProse, text: text, start: start, isMarked: isMarked))
      }
      lines = []
    }
    for number in source.lineStarts.indices {
      let span = source.span(ofLine: number)
      let line = source.text(span)
      guard let mark = Cells.mark(line) else {
        // Prose is comments; code behind it is code, marked or not.
        if isProse, !line.isEmpty, !line.hasPrefix("#") {
          close(&cells)
          (title, isProse, start, isMarked) = ("", false, span.start, false)
        }
        lines.append(isProse ? Cells.uncommented(line) : line)
        // The line that names the program to run a script is no part of its code.
        if !isProse, number > 0 || !line.hasPrefix("#!") { codeLines.append(span) }
        continue
      }
      close(&cells)
      isMarked = true
      (title, isProse, start) = (mark.title, mark.isProse, span.start)
    }
    close(&cells)
  }

  /// Prose, and where cells begin, in a stretch of the source.
  func entries(from start: Int, to end: Int) -> [Transcript.Entry] {
    cells.filter { $0.isMarked && $0.start >= start && $0.start < end }
      .map { $0.isProse ? .prose($0.text) : .cell($0.title) }
  }

  /// The code of a stretch of the source, with its comments.
  func code(from start: Int, to end: Int, of source: Source) -> String {
    codeLines.filter { $0.end > start && $0.start < end || $0.start == $0.end && $0.start > start }
      .filter { $0.start < end }
      .map { source.text(Span(max(start, $0.start), min(end, $0.end))) }
      .joined(separator: "\n").trimmingNewlines
  }

  private static func mark(_ line: String) -> (title: String, isProse: Bool)? {
    guard line.hasPrefix("# %%") else { return nil }
    let rest = line.dropFirst(4).drop { $0 == " " }
    guard rest.hasPrefix("[markdown]") else { return (String(rest), false) }
    return (String(rest.dropFirst(10).drop { $0 == " " }), true)
  }

  private static func uncommented(_ line: String) -> String {
    guard line.hasPrefix("#") else { return line }
    return String(line.dropFirst(line.hasPrefix("# ") ? 2 : 1))
  }
}

extension String {
  fileprivate var trimmingNewlines: String {
    let front = drop { $0 == "\n" }
    return String(front.reversed().drop { $0 == "\n" }.reversed())
  }
}
