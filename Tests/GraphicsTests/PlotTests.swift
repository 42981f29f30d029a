import Graphics
import Testing

@Suite struct PlotTests {
  private let epochs = (1...40).map(Double.init)

  private var losses: Plot {
    .losses(
      epochs: epochs,
      [("training", epochs.map { 1 / $0 }), ("validation", epochs.map { 1.2 / $0 + 0.01 })],
      title: "curves")
  }

  /// One of each kind that the field uses.
  private var gallery: [Plot] {
    get throws {
      let frequencies = (1...20).map { Double($0) / 100 }
      return [
        losses,
        .fsc(
          frequencies: frequencies, [("a", frequencies.map { 1 - 4 * $0 }), ("b", frequencies)]),
        .powerSpectrum(frequencies: frequencies, [("a", frequencies.map { 1 / $0 })]),
        .profile([("a", epochs)], spacing: 2, unit: "A"),
        .sweep(over: "p", values: [0.1, 0.3], of: "PSNR (dB)", [("n2v", [20, 30])]),
        .bars(["n2v", "n2s"], of: "PSNR (dB)", [("House", [30, 31]), ("F16", [28, 29])]),
        try .histogram([("a", [1, 2, 2, 3, 9]), ("b", [2, 5])], bins: 4),
        Plot("dots", series: [Series("s", x: epochs, y: epochs, kind: .scatter)]),
      ]
    }
  }

  @Test func hasTheSizeAskedFor() throws {
    var plot = losses
    plot.width = 300
    plot.height = 200
    plot.scale = 3
    let png = try PNGReader(plot.encoded(as: .png))
    #expect((png.width, png.height) == (900, 600))
    #expect(png.chunks.contains("pHYs"))
  }

  @Test func everyKindIsWellFormedSVG() throws {
    for plot in try gallery {
      let elements = try XMLCheck.elements(of: plot.encoded(as: .svg))
      #expect(elements["svg"] == 1 && (elements["path"] ?? 0) > 10)
    }
  }

  @Test func theSamePlotGivesTheSameBytes() throws {
    for plot in try gallery {
      for kind in PictureKind.allCases {
        #expect(try plot.encoded(as: kind) == plot.encoded(as: kind))
      }
    }
  }

  @Test func namesWithMarkupStayText() throws {
    var plot = losses
    plot.title = "a < b & \"c\""
    _ = try XMLCheck.elements(of: plot.encoded(as: .svg))
  }

  @Test func theDataAreDrawn() throws {
    let flat = Plot(series: [Series("", x: [0, 1], y: [0.5, 0.5], color: Color(1, 0, 0))])
    let png = try PNGReader(flat.encoded(as: .png))
    let red = (0..<png.width * png.height).filter {
      png.samples[3 * $0] > 200 && png.samples[3 * $0 + 1] < 80
    }
    // A level line: it spans most of the width within a few rows.
    let rows = Set(red.map { $0 / png.width })
    let columns = Set(red.map { $0 % png.width })
    #expect(rows.count <= 6 && columns.count > png.width * 3 / 4)
  }

  @Test func nothingToShowIsAnError() {
    #expect(throws: GraphicsError.self) { try Plot(series: []).encoded(as: .svg) }
    let nowhere = Plot(series: [Series("", [.nan, .infinity])])
    #expect(throws: GraphicsError.self) { try nowhere.encoded(as: .svg) }
    let below = Plot(y: Axis("", scale: .log), series: [Series("", [-1, 0])])
    let error = #expect(throws: GraphicsError.self) { try below.encoded(as: .svg) }
    #expect(error?.hint?.contains("above 0") == true)
  }

  @Test func unevenSeriesAreAnError() {
    let plot = Plot(series: [Series("a", x: [1, 2], y: [1])])
    let error = #expect(throws: GraphicsError.self) { try plot.encoded(as: .png) }
    #expect(error?.message == "the series \"a\" has 2 places and 1 values")
  }

  @Test func gapsAndExtremesDoNotBreakDrawing() throws {
    let series = Series("", [1, .nan, 3, 1e300, -1e300, .infinity, 2])
    var plot = Plot(y: Axis("", range: 0...5), series: [series])
    _ = try plot.encoded(as: .png)
    plot.y.range = nil
    _ = try plot.encoded(as: .svg)
  }

  @Test func aSheetTooLargeIsAnError() {
    var plot = losses
    plot.width = 1e9
    #expect(throws: GraphicsError.self) { try plot.encoded(as: .png) }
    plot.width = .nan
    #expect(throws: GraphicsError.self) { try plot.encoded(as: .svg) }
  }

  @Test func gridsAndHeatMapsAreWellFormed() throws {
    let grid = try PlotGrid(gallery, columns: 3).encoded(as: .svg)
    #expect(try XMLCheck.elements(of: grid)["svg"] == 1)
    let map = try HeatMap(
      "t", rows: ["1", "2"], rowLabel: "lr", columns: ["a", "b", "c"], columnLabel: "p",
      values: [[1, 2, 3], [4, .nan, 6]], quantity: "dB")
    #expect(try XMLCheck.elements(of: map.encoded(as: .svg))["image"] == 1)
    #expect(throws: GraphicsError.self) {
      try HeatMap(
        rows: ["1"], rowLabel: "", columns: ["a"], columnLabel: "", values: [[1, 2]], quantity: "")
    }
  }
}

@Suite struct HistogramBinsTests {
  @Test func countsEveryValueOnce() throws {
    let values = (0..<1000).map { Float($0 % 100) }
    let histogram = try HistogramBins(of: values + [.nan], bins: 10)
    #expect(histogram.counts == [Int](repeating: 100, count: 10))
    #expect(histogram.edges.first == 0 && histogram.edges.last == 99)
  }

  @Test func aConstantHasOneFullBin() throws {
    let histogram = try HistogramBins(of: [5, 5, 5], bins: 4)
    #expect(histogram.counts == [3, 0, 0, 0])
  }

  @Test func valuesOutsideTheRangeAreLeftOut() throws {
    #expect(try HistogramBins(of: [-1, 0, 1, 2, 3], bins: 2, range: 0...2).counts == [1, 2])
  }

  @Test func nothingFiniteIsAnError() {
    #expect(throws: GraphicsError.self) { try HistogramBins(of: [.nan]) }
    #expect(throws: GraphicsError.self) { try HistogramBins(of: [1], bins: 0) }
  }
}
