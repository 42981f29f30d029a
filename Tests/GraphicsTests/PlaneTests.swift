import Graphics
import TensorEngine
import Testing

@Suite struct PlaneTests {
  @Test func cutsAlongEachAxis() throws {
    let image = try TestImages.places()
    let z = try Plane(of: image, at: ["z": 1])
    #expect((z.width, z.height) == (6, 5))
    #expect(z.values[2 * 6 + 3] == 123)
    let y = try Plane(of: image, at: ["y": 2])
    #expect((y.width, y.height, y.axes) == (6, 4, "ZX"))
    #expect(y.values[3 * 6 + 4] == 324)
    let x = try Plane(of: image, at: ["x": 5])
    #expect((x.width, x.height, x.axes) == (5, 4, "ZY"))
    #expect(x.values[3 * 5 + 4] == 345)
  }

  @Test func negativeIndicesCountFromTheEnd() throws {
    let image = try TestImages.places()
    #expect(try Plane(of: image, at: ["z": -1]).values[0] == 300)
    #expect(try Plane(of: image, at: ["z": -4]).values[0] == 0)
  }

  @Test func takesTheMiddleOfAVolume() throws {
    let plane = try Plane(of: try TestImages.places())
    #expect(plane.values[0] == 200)
    #expect(plane.description == "z=2")
  }

  @Test func spacingFollowsTheAxesShown() throws {
    let image = try TestImages.places()
    let y = try #require(try Plane(of: image, at: ["y": 0]).spacing)
    #expect(y.column == 1.5 && y.row == 3)
    let x = try #require(try Plane(of: image, at: ["x": 0]).spacing)
    #expect(x.column == 2 && x.row == 3)
  }

  @Test(arguments: [4, -5, 100])
  func anIndexOutsideNamesTheSize(index: Int) throws {
    let image = try TestImages.places()
    let error = #expect(throws: GraphicsError.self) { try Plane(of: image, at: ["z": index]) }
    #expect(error?.message.contains("z=\(index)") == true)
    #expect(error?.message.contains("size along z is 4") == true)
  }

  @Test func anAxisThatIsNotThereIsAnError() throws {
    let image = try TestImages.disk()
    let error = #expect(throws: GraphicsError.self) { try Plane(of: image, at: ["z": 0]) }
    #expect(error?.hint?.contains("YX") == true)
  }

  @Test func aSignalHasNoPlane() throws {
    let signal = try Image(Tensor(repeating: 1, shape: [9]))
    let error = #expect(throws: GraphicsError.self) { try Plane(of: signal) }
    #expect(error?.hint == "use plot for a signal")
  }

  @Test func anEmptyImageIsAnError() throws {
    let empty = try Image(Tensor([], shape: [0, 4]))
    #expect(throws: GraphicsError.self) { try Plane(of: empty) }
  }

  @Test func threeChannelsAreColours() throws {
    let image = try Image(Tensor(shape: [3, 2, 2]) { Float($0) }, axes: "CYX", stored: .uint8)
    let plane = try Plane(of: image)
    #expect(plane.channels == 3)
    let raster = plane.raster(Window(low: 0, high: 255), .gray)
    #expect(raster[1, 0] == RGB(1, 5, 9))
    let green = try Plane(of: image, at: ["c": 1])
    #expect(green.channels == 1 && green.values == [4, 5, 6, 7])
  }

  @Test func stacksShowTheirFirstSample() throws {
    let image = try Image(Tensor(shape: [2, 4, 3, 2]) { Float($0) }, axes: "SZYX")
    let plane = try Plane(of: image)
    #expect(plane.description == "s=0 z=2")
    #expect(plane.values[0] == 12)
  }
}
