/// How diagnostics are drawn: headline, arrow, source line, carets, hint.
struct DiagnosticStyle {
  let color: Bool

  private static let tabWidth = 4
  /// Longest piece of a source line that is shown.
  private static let widest = 160

  func headline(_ severity: Diagnostic.Severity, _ message: String) -> String {
    paint(severity.rawValue, severityColor(severity)) + paint(": " + printable(message), "1") + "\n"
  }

  func hint(_ hint: String, margin: Int) -> String {
    spaces(margin + 1) + paint("=", "34") + " hint: " + printable(hint) + "\n"
  }

  /// Width of the column of line numbers.
  func margin(_ place: Place) -> Int { String(place.line).count + 1 }

  /// The arrow, the line, and the carets under the place.
  func excerpt(_ place: Place, _ severity: Diagnostic.Severity) -> String {
    let margin = margin(place)
    let line = place.source.span(ofLine: place.line - 1)
    let start = min(max(place.span.start, line.start), line.end)
    let end = min(max(place.span.end, start), line.end)
    let (before, marked, after) = window(
      String(place.source.text(Span(line.start, start))),
      String(place.source.text(Span(start, end))),
      String(place.source.text(Span(end, line.end))))
    let lead = expand(before, from: 0)
    let mark = expand(marked, from: width(lead))
    let rest = expand(after, from: width(lead) + width(mark))
    let carets = String(repeating: "^", count: max(1, width(mark)))
    let bar = paint("|", "34")
    let number = spaces(margin - 1 - String(place.line).count) + String(place.line)
    return spaces(margin) + paint("-->", "34") + " \(printable(place.description))\n"
      + spaces(margin + 1) + bar + "\n"
      + " " + paint(number, "34") + " " + bar + " " + lead + mark + rest + "\n"
      + spaces(margin + 1) + bar + " " + spaces(width(lead))
      + paint(carets, severityColor(severity)) + "\n"
  }

  /// Cuts a very long line down to the surroundings of the place.
  private func window(_ before: String, _ marked: String, _ after: String) -> (
    String, String, String
  ) {
    let widest = DiagnosticStyle.widest
    guard before.count + marked.count + after.count > widest else { return (before, marked, after) }
    let mark = marked.count > widest / 2 ? marked.prefix(widest / 2) + "…" : marked[...]
    let lead = before.count > widest / 4 ? "…" + before.suffix(widest / 4) : before[...]
    let rest = after.count > widest / 4 ? after.prefix(widest / 4) + "…" : after[...]
    return (String(lead), String(mark), String(rest))
  }

  /// Tabs as spaces to the next stop; control characters as U+FFFD, so that a hostile file
  /// cannot drive the terminal.
  private func expand(_ text: String, from column: Int) -> String {
    var result = ""
    var at = column
    for character in text {
      if character == "\t" {
        let step = DiagnosticStyle.tabWidth - at % DiagnosticStyle.tabWidth
        result += spaces(step)
        at += step
      } else {
        let shown = printable(String(character))
        result += shown
        at += width(shown)
      }
    }
    return result
  }

  private func printable(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { isControl($0) }) else { return text }
    return String(
      String.UnicodeScalarView(text.unicodeScalars.map { isControl($0) ? "\u{FFFD}" : $0 }))
  }

  private func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar != "\n" && (scalar.value < 0x20 || (0x7f..<0xa0).contains(scalar.value))
  }

  private func width(_ text: String) -> Int { TextWidth.columns(text) }
  private func spaces(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }

  private func paint(_ text: String, _ code: String) -> String {
    color ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text
  }

  private func severityColor(_ severity: Diagnostic.Severity) -> String {
    switch severity {
    case .error: "1;31"
    case .warning: "1;33"
    case .note: "1;36"
    }
  }
}
