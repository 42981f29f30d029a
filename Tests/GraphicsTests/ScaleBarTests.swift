import Graphics
import Testing

@Suite struct ScaleBarTests {
  @Test(arguments: [
    (13.5, "A", 200, "50 nm"), (1.0, "A", 256, "50 Å"), (3.54, "A", 100, "100 Å"),
    (0.1, "um", 512, "10 µm"), (0.002, "um", 500, "200 nm"), (10.0, "A", 20000, "5 µm"),
    (0.5, "nm", 4, "5 Å"), (250.0, "um", 100, "5 mm"),
  ])
  func choosesARoundLength(spacing: Double, unit: String, width: Int, label: String) throws {
    let bar = try #require(ScaleBar(spacing: spacing, unit: unit, width: width))
    #expect(bar.label == label)
    #expect(bar.columns <= Double(width) * 0.3 * (1 + 1e-9))
    #expect(bar.columns > Double(width) * 0.1)
  }

  @Test func lengthAndLabelAgree() throws {
    let bar = try #require(ScaleBar(spacing: 13.5, unit: "A", width: 200))
    #expect(abs(bar.columns * 13.5 - 500) < 1e-9)
  }

  @Test func anUnknownUnitIsWrittenAsItIs() throws {
    #expect(ScaleBar(spacing: 1, unit: "furlong", width: 100)?.label == "20 furlong")
    #expect(ScaleBar(spacing: 1, unit: nil, width: 100)?.label == "20 px")
  }

  @Test(arguments: [0, -1, .nan, .infinity])
  func aSpacingThatIsNoneGivesNoBar(spacing: Double) {
    #expect(ScaleBar(spacing: spacing, unit: "nm", width: 100) == nil)
  }

  @Test func roundLengths() {
    #expect(ScaleBar.roundLength(below: 1) == 1)
    #expect(ScaleBar.roundLength(below: 1.99) == 1)
    #expect(ScaleBar.roundLength(below: 4999) == 2000)
    #expect(ScaleBar.roundLength(below: 0.07) == 0.05)
  }
}
