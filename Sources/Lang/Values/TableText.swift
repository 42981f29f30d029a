/// Tables as aligned text.
enum TableText {
  /// Most rows that are shown: a long table shows its beginning and its end.
  private static let mostRows = 40

  /// A header and the rows; numbers to the right, everything else to the left.
  static func aligned(_ table: Table) -> String {
    let shown = rowsShown(table.rowCount)
    var lines = Array(repeating: "", count: shown.count + 1)
    for (name, column) in zip(table.names, table.columns) {
      let cells = shown.map { $0.map { Show.cell(column[$0]) } ?? "…" }
      let width = ([name] + cells).map(TextWidth.columns).max() ?? 0
      let right = column.allSatisfy { $0.asNumber != nil || $0.isNone }
      for (line, cell) in ([name] + cells).enumerated() {
        let gap = lines[line].isEmpty && name == table.names.first ? "" : "  "
        lines[line] += gap + TextWidth.padded(cell, to: width, left: right)
      }
    }
    return lines.map(trimmed).joined(separator: "\n")
  }

  /// Row numbers; nil stands for the rows left out.
  private static func rowsShown(_ count: Int) -> [Int?] {
    guard count > mostRows else { return Array(0..<count) }
    return Array(0..<mostRows / 2) + [nil] + Array(count - mostRows / 2..<count)
  }

  private static func trimmed(_ line: String) -> String {
    String(line.reversed().drop { $0 == " " }.reversed())
  }
}

extension Show {
  /// A table's cell: strings bare, `none` empty.
  static func cell(_ value: Value) -> String {
    if value.isNone { return "" }
    return value.asString ?? inline(value)
  }
}
