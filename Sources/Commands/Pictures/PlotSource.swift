import Denoise
import Graphics
import Lang
import TensorEngine

/// Values on their way into a chart.
struct PlotSource {
  let values: [Value]
  /// One for each value; a single value may be nameless.
  let names: [String]
  var kind = PlotKind.auto
  /// Columns of tables, where the user chose.
  var across: String?
  var up: [String]?
  var by: String?
  var bins: Int?

  init(values: [Value], names: [String]) {
    self.values = values
    self.names = names
  }

  /// - Throws: `LangError` where the values are of different kinds, or of one that has no chart.
  func plot() throws -> Plot {
    let tables = try values.compactMap { try PlotSource.table($0) }
    if tables.count == values.count {
      return try TablePlot(tables: tables, names: names, across: across, up: up, by: by).plot()
    }
    guard across == nil, up == nil, by == nil else {
      throw LangError(
        "`x`, `y` and `by` name columns of tables; this is \(values[0].kindWithArticle)")
    }
    let images = values.compactMap(\.asImage)
    if images.count == values.count { return try plot(images) }
    let curves = values.compactMap(\.asNumbers)
    if curves.count == values.count {
      return PlotSource.curves(zip(names, curves).map { ($0, $1) })
    }
    // A list of several curves.
    if values.count == 1, let items = values[0].asList {
      let inner = items.compactMap(\.asNumbers)
      if inner.count == items.count, !inner.isEmpty {
        return PlotSource.curves(inner.enumerated().map { ("\($0 + 1)", $1) })
      }
      if !items.isEmpty, items.allSatisfy({ $0.asImage != nil || Table.bind($0) != nil }) {
        var several = PlotSource(values: items, names: items.indices.map { "\($0 + 1)" })
        (several.kind, several.across, several.up, several.bins) = (kind, across, up, bins)
        several.by = by
        return try several.plot()
      }
    }
    throw LangError(
      "`plot` cannot draw \(values.map(\.kindWithArticle).joined(separator: " and "))",
      hint: "it takes tables, trained models, lists of numbers and images, one kind at a time")
  }

  private static func table(_ value: Value) throws -> Table? {
    if let model = ModelValue.bind(value) {
      return try model.field("history").flatMap(Table.bind)
    }
    return Table.bind(value)
  }

  private static func curves(_ curves: [(name: String, numbers: [Double])]) -> Plot {
    Plot(series: curves.map { Series($0.name, $0.numbers) })
  }

  private func plot(_ images: [Image]) throws -> Plot {
    let named = zip(names, images).map { (name: $0, image: $1) }
    let isSignal = images.allSatisfy { $0.tensor.rank == 1 }
    switch kind {
    case .profile,
      .auto where isSignal:
      guard isSignal else {
        throw LangError(
          "a profile is drawn of one line, not of \(images[0].shape.asShape)",
          hint: "take a line of the image: `img[y=64]`")
      }
      return Plot.profile(
        named.map { ($0.name, $0.image.tensor.values.map(Double.init)) },
        spacing: images[0].voxel?.first, unit: images[0].unit)
    case .spectrum: return try spectrum(named)
    case .guinier: return try guinier(named)
    case .auto, .histogram:
      return try Plot.histogram(named.map { ($0.name, $0.image.tensor.values) }, bins: bins)
    }
  }

  private func spectrum(_ images: [(name: String, image: Image)]) throws -> Plot {
    let spectra = try images.map { try PowerSpectrum(of: $0.image) }
    let unit = images[0].image.voxel == nil ? nil : images[0].image.unit
    var plot = Plot.powerSpectrum(
      frequencies: spectra[0].frequencies, [],
      label: unit.map { "spatial frequency (1/\(UnitSymbol.of($0)))" }
        ?? "spatial frequency (cycles/pixel)")
    plot.series = zip(images, spectra).map {
      Series($0.name, x: $1.frequencies, y: $1.powers)
    }
    return plot
  }

  /// The logarithm of the amplitude over the squared frequency.
  private func guinier(_ images: [(name: String, image: Image)]) throws -> Plot {
    let known = images[0].image.voxel == nil ? "pixel" : images[0].image.unit ?? "unit"
    let unit = UnitSymbol.of(known)
    return Plot(
      x: Axis("squared spatial frequency (1/\(unit)²)"), y: Axis("ln amplitude"),
      series: try images.map { name, image in
        let points = try PowerSpectrum(of: image).guinier
        return Series(name, x: points.squares, y: points.logarithms)
      })
  }
}
