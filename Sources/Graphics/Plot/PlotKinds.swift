/// The plots of the field, ready made from their data.
extension Plot {
  /// Training curves over epochs: loss and validation loss on a logarithmic axis where the values
  /// allow it and span more than half a decade.
  ///
  /// - Parameters:
  ///   - epochs: one for each value.
  ///   - curves: name and values; values that are no number leave a gap.
  public static func losses(
    epochs: [Double], _ curves: [(name: String, values: [Double])], title: String = ""
  ) -> Plot {
    let values = curves.flatMap(\.values).filter(\.isFinite)
    let least = values.min() ?? 0
    let most = values.max() ?? 1
    let steep = least > 0 && most / least > 3.2
    return Plot(
      title, x: Axis("epoch"), y: Axis("loss", scale: steep ? .log : .linear),
      series: curves.map { Series($0.name, x: epochs, y: $0.values) })
  }

  /// Distributions of grey values, with common bins so that they can be compared.
  ///
  /// - Throws: `GraphicsError` as `HistogramBins`.
  public static func histogram(
    _ images: [(name: String, values: [Float])], bins: Int? = nil, log: Bool = false,
    label: String = "grey value", title: String = ""
  ) throws -> Plot {
    let ends = images.compactMap { Percentile.of($0.values, [0, 100]) }
    guard let low = ends.map({ $0[0] }).min(), let high = ends.map({ $0[1] }).max() else {
      throw GraphicsError("a histogram needs at least one finite value")
    }
    let range = high > low ? low...high : low...low + 1
    let count = try bins ?? HistogramBins(of: images[0].values, range: range).counts.count
    let series = try images.map { image in
      let histogram = try HistogramBins(of: image.values, bins: count, range: range)
      return Series(
        image.name, x: histogram.edges, y: histogram.counts.map(Double.init), kind: .steps)
    }
    return Plot(
      title, x: Axis(label), y: Axis("count", scale: log ? .log : .linear), series: series)
  }

  /// Fourier shell correlation over spatial frequency, with the two customary thresholds and the
  /// resolution along the upper edge.
  ///
  /// - Parameters:
  ///   - frequencies: shells in 1/unit.
  ///   - curves: name and correlations.
  ///   - unit: of the voxel size: `A`, `nm`; `px` where it is not known.
  public static func fsc(
    frequencies: [Double], _ curves: [(name: String, values: [Double])], unit: String = "A",
    title: String = ""
  ) -> Plot {
    let name = UnitSymbol.of(unit)
    let least = curves.flatMap(\.values).filter(\.isFinite).min() ?? 0
    let highest = frequencies.filter(\.isFinite).max() ?? 0
    let low = min(-0.05, (least * 10).rounded(.down) / 10)
    var plot = Plot(
      title, x: Axis("spatial frequency (1/\(name))", range: highest > 0 ? 0...highest : nil),
      y: Axis("Fourier shell correlation", range: low...1.05),
      series: curves.map { Series($0.name, x: frequencies, y: $0.values) })
    plot.rules = [
      Rule(.horizontal, at: 0.5, label: "0.5"), Rule(.horizontal, at: 0.143, label: "0.143"),
    ]
    plot.reciprocal = Reciprocal("resolution (\(name))")
    return plot
  }

  /// Radially averaged power spectra on logarithmic axes.
  ///
  /// - Parameter frequencies: in cycles a voxel, or 1/unit; 0 is left out.
  public static func powerSpectrum(
    frequencies: [Double], _ curves: [(name: String, values: [Double])],
    label: String = "spatial frequency (cycles/pixel)", title: String = ""
  ) -> Plot {
    Plot(
      title, x: Axis(label, scale: .log), y: Axis("power", scale: .log),
      series: curves.map { Series($0.name, x: frequencies, y: $0.values) })
  }

  /// Grey values along a line.
  ///
  /// - Parameter spacing: distance of neighbours, in `unit`; pixels where nil.
  public static func profile(
    _ lines: [(name: String, values: [Double])], spacing: Double? = nil, unit: String? = nil,
    title: String = ""
  ) -> Plot {
    let step = spacing ?? 1
    let name = spacing == nil ? "px" : unit.map(UnitSymbol.of) ?? "px"
    return Plot(
      title, x: Axis("position (\(name))"), y: Axis("grey value"),
      series: lines.map { line in
        Series(line.name, x: line.values.indices.map { Double($0) * step }, y: line.values)
      })
  }

  /// A quantity over the values of a swept option, one curve for each value of another.
  public static func sweep(
    over option: String, values: [Double], of quantity: String,
    _ curves: [(name: String, values: [Double])], title: String = ""
  ) -> Plot {
    let positive = values.allSatisfy { $0 > 0 }
    let wide = positive && (values.max() ?? 1) / (values.min() ?? 1) >= 30
    return Plot(
      title, x: Axis(option, scale: wide ? .log : .linear), y: Axis(quantity),
      series: curves.map { Series($0.name, x: values, y: $0.values, kind: .marked) })
  }

  /// Bars by name, several groups side by side.
  public static func bars(
    _ names: [String], of quantity: String, _ groups: [(name: String, values: [Double])],
    title: String = ""
  ) -> Plot {
    Plot(
      title, x: Axis(categories: names), y: Axis(quantity),
      series: groups.map { Series($0.name, $0.values, kind: .bars) })
  }
}
