/// The cells of a script in the percent format: lines that start with `# %%`.
public struct Cells: Sendable {
  public struct Cell: Equatable, Sendable {
    /// What stands after `# %%`.
    public let title: String
    public let isProse: Bool
    /// Markdown without the leading `#`, or code as it stands.
    public let text: String
    let start: Int
  }

  public private(set) var cells: [Cell] = []

  /// Text before the first mark is a code cell without a title.
  public init(_ source: Source) {
    var title = ""
    var isProse = false
    var lines: [String] = []
    var start = 0
    func close(_ cells: inout [Cell]) {
      let text = lines.joined(separator: "\n").trimmingNewlines
      if !text.isEmpty || !title.isEmpty {
        cells.append(Cell(title: title, isProse: isProse, text: text, start: start))
      }
      lines = []
    }
    for number in source.lineStarts.indices {
      let span = source.span(ofLine: number)
      let line = source.text(span)
      guard let mark = Cells.mark(line) else {
        lines.append(isProse ? Cells.uncommented(line) : line)
        continue
      }
      close(&cells)
      (title, isProse, start) = (mark.title, mark.isProse, span.start)
    }
    close(&cells)
  }

  /// Prose cells that begin in a stretch of the source.
  func prose(from start: Int, to end: Int) -> [String] {
    cells.filter { $0.isProse && $0.start >= start && $0.start < end }.map(\.text)
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
