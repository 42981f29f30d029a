import Graphics
import TensorEngine
import Testing

@Suite struct ComparisonFigureTests {
  private func panels(_ side: Int = 64) throws -> [ComparisonFigure.Panel] {
    let truth = try TestImages.disk(side)
    let noisy = try truth.with(
      truth.tensor.values.enumerated().map { $1 + Float(($0 * 7919) % 17) - 8 })
    return [
      ComparisonFigure.Panel("noisy", noisy, caption: "20.1 dB"),
      ComparisonFigure.Panel("truth", truth),
    ]
  }

  @Test func drawsPicturesDetailsAndDifferences() throws {
    let comparison = try ComparisonFigure(try panels(), reference: 1)
    let elements = try XMLCheck.elements(of: comparison.encoded(as: .svg))
    // Two pictures, two details, one difference, one colour bar.
    #expect(elements["image"] == 6)
    var options = ComparisonFigure.Options()
    options.detail = false
    options.difference = false
    let plain = try ComparisonFigure(try panels(), reference: 1, options: options)
    #expect(try XMLCheck.elements(of: plain.encoded(as: .svg))["image"] == 2)
    let tall = try PNGReader(comparison.encoded(as: .png))
    let low = try PNGReader(plain.encoded(as: .png))
    #expect(tall.width == low.width && tall.height > 2 * low.height)
  }

  @Test func theSameComparisonGivesTheSameBytes() throws {
    for kind in PictureKind.allCases {
      let first = try ComparisonFigure(try panels(), reference: 1).encoded(as: kind)
      #expect(try ComparisonFigure(try panels(), reference: 1).encoded(as: kind) == first)
    }
  }

  @Test func largePicturesAreReduced() throws {
    let png = try PNGReader(ComparisonFigure(try panels(1500), reference: 1).encoded(as: .png))
    #expect(png.width < 1600)
  }

  @Test func smallPicturesAreDrawnToo() throws {
    let tiny = try Image(Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3]))
    let panels = [ComparisonFigure.Panel("a", tiny), ComparisonFigure.Panel("b", tiny)]
    _ = try ComparisonFigure(panels, reference: 0).encoded(as: .png)
  }

  @Test func shapesMustAgree() throws {
    let panels = [
      ComparisonFigure.Panel("a", try TestImages.disk(32)),
      ComparisonFigure.Panel("b", try TestImages.disk(64)),
    ]
    let error = #expect(throws: GraphicsError.self) { try ComparisonFigure(panels) }
    #expect(error?.message == "`b` is 64x64, `a` is 32x32")
  }

  @Test func theReferenceMustBeAPanel() throws {
    let panels = try panels()
    #expect(throws: GraphicsError.self) { try ComparisonFigure(panels, reference: 2) }
    #expect(throws: GraphicsError.self) { try ComparisonFigure([]) }
  }

  @Test func aRegionOutsideIsAnError() throws {
    var options = ComparisonFigure.Options()
    options.region = PictureRegion(row: 60, column: 0, height: 8, width: 8)
    let panels = try panels()
    #expect(throws: GraphicsError.self) {
      try ComparisonFigure(panels, reference: 1, options: options)
    }
    options.region = PictureRegion(row: .max, column: 0, height: 8, width: 8)
    #expect(throws: GraphicsError.self) {
      try ComparisonFigure(panels, reference: 1, options: options)
    }
  }

  @Test func theDetailIsWhereTheStructureIs() throws {
    let plane = try Plane(of: try TestImages.disk(64, centre: (40, 20)))
    let region = PictureRegion.mostStructure(in: plane, width: 20, height: 20)
    #expect((region.width, region.height) == (20, 20))
    #expect((region.row..<region.row + 20).contains(40))
    #expect((region.column..<region.column + 20).contains(20))
  }

  @Test func signalsBecomeLinePlots() throws {
    let truth = try Image(Tensor(shape: [200]) { Float($0 % 50) }, voxel: [0.5], unit: "nm")
    let noisy = try truth.with(truth.tensor.values.map { $0 + 1 })
    let comparison = try ComparisonFigure(
      [ComparisonFigure.Panel("noisy", noisy), ComparisonFigure.Panel("truth", truth)], reference: 1
    )
    let elements = try XMLCheck.elements(of: comparison.encoded(as: .svg))
    #expect(elements["image"] == nil && (elements["path"] ?? 0) > 20)
  }

  @Test func signalsOfManyChannelsAreCutByIndex() throws {
    let tracks = try Image(Tensor(shape: [2, 50]) { Float($0) }, axes: "CX")
    var options = ComparisonFigure.Options()
    options.index = ["c": -1]
    _ = try ComparisonFigure([ComparisonFigure.Panel("a", tracks)], options: options)
    options.index = ["c": 2]
    #expect(throws: GraphicsError.self) {
      try ComparisonFigure([ComparisonFigure.Panel("a", tracks)], options: options)
    }
  }
}
