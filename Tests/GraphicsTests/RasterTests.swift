import Graphics
import Testing

@Suite struct RasterTests {
  private func ramp(_ width: Int, _ height: Int) throws -> Raster {
    try Raster(
      (0..<width * height * 3).map { UInt8(($0 * 41) % 256) }, width: width, height: height)
  }

  @Test func bytesMustFillThePicture() {
    #expect(throws: GraphicsError.self) { try Raster([1, 2, 3], width: 2, height: 1) }
    #expect(throws: GraphicsError.self) { try Raster([], width: 0, height: 0) }
    #expect(throws: GraphicsError.self) { try Raster([], width: .max, height: .max) }
  }

  @Test func pngKeepsEveryPixel() throws {
    let raster = try ramp(37, 23)
    let png = try PNGReader(raster.png())
    #expect((png.width, png.height, png.channels) == (37, 23, 3))
    #expect(png.samples == raster.pixels.map(Int.init))
  }

  @Test func reducingKeepsTheMean() throws {
    let raster = try ramp(30, 20)
    let small = raster.resampled(width: 7, height: 3)
    func mean(_ raster: Raster) -> Double {
      raster.pixels.reduce(0.0) { $0 + Double($1) } / Double(raster.pixels.count)
    }
    #expect(abs(mean(raster) - mean(small)) < 0.5)
  }

  @Test func halvingAveragesFourPixels() throws {
    let raster = try Raster(
      [0, 0, 0, 100, 0, 0, 200, 8, 0, 40, 0, 255], width: 2, height: 2)
    #expect(raster.resampled(width: 1, height: 1)[0, 0] == RGB(85, 2, 64))
  }

  @Test func enlargingRepeats() throws {
    let raster = try ramp(3, 2)
    #expect(raster.enlarged(4) == raster.resampled(width: 12, height: 8))
  }
}
