import Graphics
import Lang

/// A chart of tables: the field's own for tables that are known, columns over a column for others.
struct TablePlot {
  let tables: [Table]
  let names: [String]
  let across: String?
  let up: [String]?
  var by: String?

  func plot() throws -> Plot {
    if let by { return try parted(by).plot() }
    guard let first = tables.first, first.rowCount > 0 else {
      throw LangError("there is nothing to plot: the table has no rows")
    }
    if across == nil, up == nil {
      if has("epoch", "loss") { return losses }
      if has("frequency", "fsc") { return correlations }
      if has("from", "to", "count") { return histograms }
    }
    return try columns()
  }

  /// One table, cut into one for each value of a column.
  private func parted(_ column: String) throws -> TablePlot {
    guard tables.count == 1 else {
      throw LangError("`by` cuts one table into curves; these are \(tables.count)", argument: "by")
    }
    guard let values = tables[0].column(column) else {
      throw LangError(
        "there is no column `\(column)`",
        hint: "there are " + tables[0].names.joined(separator: ", "),
        argument: "by")
    }
    var names: [String] = []
    for value in values where !names.contains(Show.bare(value)) { names.append(Show.bare(value)) }
    let rows = tables[0].rows
    let across = across ?? tables[0].names.first { $0 != column }
    let parts = names.map { name in
      Table(rows: rows.filter { $0[column].map(Show.bare) == name })
    }
    let up =
      up
      ?? tables[0].names.filter {
        $0 != column && $0 != across && TablePlot.isNumeric(tables[0], $0)
      }
    return TablePlot(
      tables: parts, names: names.map { "\(column) \($0)" }, across: across, up: up)
  }

  private func has(_ wanted: String...) -> Bool {
    tables.allSatisfy { table in wanted.allSatisfy { table.names.contains($0) } }
  }

  /// Numbers of a column; what is none leaves a gap.
  private static func numbers(_ table: Table, _ name: String) -> [Double] {
    (table.column(name) ?? []).map { $0.asNumber ?? .nan }
  }

  /// The name of a curve: that of its column, after that of its table where there are several.
  private func title(_ index: Int, _ column: String) -> String {
    tables.count == 1 ? column : up?.count == 1 ? names[index] : names[index] + " " + column
  }

  private var losses: Plot {
    let other: Set<String> = ["epoch", "step", "lr", "seconds"]
    let shown = tables.indices.flatMap { index in
      tables[index].names.filter { !other.contains($0) }.map { (table: index, column: $0) }
    }
    var plot = Plot.losses(
      epochs: [],
      shown.map { (title($0.table, $0.column), TablePlot.numbers(tables[$0.table], $0.column)) })
    for (index, curve) in shown.enumerated() {
      plot.series[index].x = TablePlot.numbers(tables[curve.table], "epoch")
    }
    return plot
  }

  private var correlations: Plot {
    var plot = Plot.fsc(
      frequencies: tables.flatMap { TablePlot.numbers($0, "frequency") },
      zip(names, tables).map { ($0, TablePlot.numbers($1, "fsc")) },
      unit: tables[0].extras["unit"]?.asString ?? "px")
    for index in plot.series.indices {
      plot.series[index].x = TablePlot.numbers(tables[index], "frequency")
    }
    return plot
  }

  private var histograms: Plot {
    Plot(
      x: Axis("grey value"), y: Axis("count"),
      series: zip(names, tables).map { name, table in
        let starts = TablePlot.numbers(table, "from")
        let ends = TablePlot.numbers(table, "to").suffix(1)
        return Series(
          name, x: starts + ends, y: TablePlot.numbers(table, "count"), kind: .steps)
      })
  }

  private func columns() throws -> Plot {
    let table = tables[0]
    guard let across = across ?? table.names.first else {
      throw LangError("there is nothing to plot: the table has no columns")
    }
    let up = up ?? table.names.filter { $0 != across && TablePlot.isNumeric(table, $0) }
    for name in [across] + up {
      guard tables.allSatisfy({ $0.names.contains(name) }) else {
        throw LangError(
          "there is no column `\(name)`", hint: "there are " + table.names.joined(separator: ", "))
      }
    }
    guard !up.isEmpty else {
      throw LangError(
        "no column of the table holds numbers",
        hint: "there are " + table.names.joined(separator: ", "))
    }
    if !TablePlot.isNumeric(table, across) { return bars(of: up, by: across) }
    var plot = Plot.sweep(
      over: across, values: TablePlot.numbers(table, across),
      of: up.count == 1 ? up[0] : "", [])
    plot.series = tables.enumerated().flatMap { index, table in
      up.map { name in
        let isPlain = tables.count == 1 && up.count == 1
        return TablePlot.rising(
          Series(
            isPlain ? "" : title(index, name), x: TablePlot.numbers(table, across),
            y: TablePlot.numbers(table, name), kind: .marked))
      }
    }
    return plot
  }

  /// Points from left to right, so that the line does not run back.
  private static func rising(_ series: Series) -> Series {
    var sorted = series
    let order = series.x.indices.sorted { (series.x[$0], $0) < (series.x[$1], $1) }
    sorted.x = order.map { series.x[$0] }
    sorted.y = order.map { series.y[$0] }
    return sorted
  }

  private func bars(of up: [String], by across: String) -> Plot {
    let labels = (tables[0].column(across) ?? []).map(Show.bare)
    let single = up.count == 1
    return Plot.bars(
      labels, of: single ? up[0] : "",
      up.map { (single ? "" : $0, TablePlot.numbers(tables[0], $0)) })
  }

  private static func isNumeric(_ table: Table, _ name: String) -> Bool {
    guard let column = table.column(name) else { return false }
    return column.contains { $0.asNumber != nil }
      && column.allSatisfy { $0.asNumber != nil || $0.isNone }
  }
}
