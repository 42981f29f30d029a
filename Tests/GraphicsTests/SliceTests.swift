import Graphics
import TensorEngine
import Testing

@Suite struct SliceTests {
  private func picture(_ slice: Slice) throws -> PNGReader {
    try PNGReader(slice.encoded(as: .png))
  }

  @Test func sixteenBitsAreExact() throws {
    var options = SliceOptions()
    options.bits = 16
    let png = try picture(try Slice(of: try TestImages.allWords(), options))
    #expect(png.bits == 16 && png.channels == 1)
    #expect(png.samples == Array(0...65535))
    #expect(!png.chunks.contains("gAMA"))
  }

  @Test func sixteenBitsKeepSmallTypesToo() throws {
    var options = SliceOptions()
    options.bits = 16
    let image = try Image(Tensor([0, 17, 254, 255], shape: [2, 2]), stored: .uint8)
    #expect(try picture(try Slice(of: image, options)).samples == [0, 17, 254, 255])
  }

  @Test func sixteenBitsSpreadFloats() throws {
    var options = SliceOptions()
    options.bits = 16
    let image = try Image(Tensor([-1, 0, 1, .nan], shape: [2, 2]))
    #expect(try picture(try Slice(of: image, options)).samples == [0, 32768, 65535, 0])
    options.contrast = .range(0, 2)
    #expect(try picture(try Slice(of: image, options)).samples == [0, 0, 32768, 0])
  }

  @Test func sixteenBitsTakeNoDrawing() throws {
    var options = SliceOptions()
    options.bits = 16
    options.label = "text"
    let image = try TestImages.disk()
    #expect(throws: GraphicsError.self) { try Slice(of: image, options) }
  }

  @Test func scaleRepeatsPixels() throws {
    var options = SliceOptions()
    options.scale = 3
    let image = try Image(Tensor([0, 100, 200, 255], shape: [2, 2]), stored: .uint8)
    let png = try picture(try Slice(of: image, options))
    #expect((png.width, png.height, png.channels) == (6, 6, 1))
    let row = [0, 0, 0, 100, 100, 100]
    let below = [200, 200, 200, 255, 255, 255]
    #expect(png.samples == row + row + row + below + below + below)
  }

  @Test func coloursStayAsTheyAre() throws {
    let bytes = (0..<48).map { Float(($0 * 37) % 256) }
    let image = try Image(Tensor(bytes, shape: [3, 4, 4]), axes: "CYX", stored: .uint8)
    let png = try picture(try Slice(of: image))
    #expect(png.channels == 3)
    for i in 0..<16 {
      #expect((0..<3).map { png.samples[3 * i + $0] } == (0..<3).map { Int(bytes[i + 16 * $0]) })
    }
  }

  @Test func missingValuesAreSeen() throws {
    let image = try Image(Tensor([.nan, 0, 1, 1], shape: [2, 2]))
    let raster = try Slice(of: image).raster
    #expect(raster[0, 0] == Colormap.gray.missing)
    #expect(raster[1, 0] == RGB(0, 0, 0) && raster[0, 1] == RGB(255, 255, 255))
  }

  @Test func orthoPutsPlanesSideBySide() throws {
    var options = SliceOptions()
    options.view = .ortho
    options.contrast = .range(0, 355)
    options.scale = 2
    options.index = ["z": 1, "y": -1, "x": 0]
    let slice = try Slice(of: try TestImages.places(), options)
    let raster = slice.raster
    // xy is 6x5 voxels, zy 4x5, xz 6x4; 4 pixels between.
    #expect((raster.width, raster.height) == (12 + 4 + 8, 10 + 4 + 8))
    func shade(_ value: Float) -> UInt8 {
      UInt8(Window(low: 0, high: 355).shade(value, top: 255) ?? 0)
    }
    #expect(raster[2 * 3, 2 * 2].red == shade(123))
    #expect(raster[16 + 2 * 3, 2 * 4].red == shade(340))
    #expect(raster[2 * 5, 14 + 2 * 2].red == shade(245))
    #expect(raster[13, 3] == RGB(255, 255, 255))
    let png = try picture(slice)
    #expect((png.width, png.height) == (raster.width, raster.height))
  }

  @Test func orthoNeedsAVolume() throws {
    var options = SliceOptions()
    options.view = .ortho
    let image = try TestImages.disk()
    #expect(throws: GraphicsError.self) { try Slice(of: image, options) }
  }

  @Test func montageShowsEveryPlaneOfAShortStack() throws {
    var options = SliceOptions()
    options.view = .montage
    options.columns = 3
    options.contrast = .range(0, 355)
    let slice = try Slice(of: try TestImages.places(), options)
    #expect(slice.planes.map(\.description) == ["z=0", "z=1", "z=2", "z=3"])
    #expect((slice.raster.width, slice.raster.height) == (3 * 6 + 2 * 2, 2 * 5 + 2))
  }

  @Test func montagePicksEvenlySpacedPlanes() throws {
    var options = SliceOptions()
    options.view = .montage
    options.tiles = 4
    let image = try Image(Tensor(shape: [40, 3, 3]) { Float($0) })
    let slice = try Slice(of: image, options)
    #expect(slice.planes.map(\.description) == ["z=5", "z=15", "z=25", "z=35"])
  }

  @Test func aScaleBarNeedsAVoxelSize() throws {
    var options = SliceOptions()
    options.bar = true
    let image = try TestImages.disk()
    let error = #expect(throws: GraphicsError.self) { try Slice(of: image, options) }
    #expect(error?.hint != nil)
  }

  @Test func labelsAndBarsAreDrawnUponThePixels() throws {
    var options = SliceOptions()
    options.contrast = .range(0, 1e6)
    options.scale = 20
    let image = try TestImages.places(4, 20, 30)
    let plain = try picture(try Slice(of: image, options))
    options.bar = true
    let barred = try picture(try Slice(of: image, options))
    #expect((plain.width, plain.height) == (barred.width, barred.height))
    #expect(plain.samples.allSatisfy { $0 == 0 })
    #expect(barred.samples.contains(255))
  }

  @Test(arguments: [0, 65]) func scaleHasARange(scale: Int) throws {
    var options = SliceOptions()
    options.scale = scale
    let image = try TestImages.disk()
    #expect(throws: GraphicsError.self) { try Slice(of: image, options) }
  }

  @Test func theSameSliceGivesTheSameBytes() throws {
    var options = SliceOptions()
    options.view = .ortho
    options.bar = true
    options.label = "volume"
    options.scale = 8
    let image = try TestImages.places(6, 20, 30)
    for kind in PictureKind.allCases {
      let first = try Slice(of: image, options).encoded(as: kind)
      #expect(try Slice(of: image, options).encoded(as: kind) == first)
    }
    let elements = try XMLCheck.elements(of: Slice(of: image, options).encoded(as: .svg))
    #expect(elements["image"] == 1)
  }
}
