import Graphics
import TensorEngine
import Testing

@Suite struct FilmTests {
  private static func volume() throws -> Image {
    try Image(
      Tensor(shape: [6, 20, 24]) { Float($0 % 97) }, axes: "ZYX", voxel: [5, 5, 5], unit: "A")
  }

  /// Types of the chunks of a PNG file.
  private static func chunks(_ file: [UInt8]) -> [String] {
    var names: [String] = []
    var position = 8
    while position + 8 <= file.count {
      let length = file[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
      names.append(String(decoding: file[position + 4..<position + 8], as: UTF8.self))
      position += 12 + length
    }
    return names
  }

  @Test func anAnimatedPNGHasAFrameForEachSlice() throws {
    let film = try Film(of: Self.volume(), axis: "z", step: 2, options: SliceOptions())
    #expect(film.indices == [0, 2, 4])
    let names = Self.chunks(try film.animated(seconds: 0.1))
    #expect(names.first == "IHDR" && names.last == "IEND")
    #expect(names.filter { $0 == "fcTL" }.count == 3)
    #expect(names.filter { $0 == "acTL" }.count == 1)
    #expect(names.contains("IDAT") && names.filter { $0 == "fdAT" }.count >= 2)
    #expect(throws: GraphicsError.self) {
      try Film(of: Self.volume(), axis: "s", step: 1, options: SliceOptions())
    }
  }

  @Test func picturesOfAFilmHaveOneSize() throws {
    let film = try Film(of: Self.volume(), axis: "x", step: 8, options: SliceOptions())
    let other = try Film(of: Self.volume(), axis: "z", step: 8, options: SliceOptions())
    let frames = [try film.frame(0), try other.frame(0)]
    #expect(throws: GraphicsError.self) { try AnimatedPNG.joined(frames, seconds: 1) }
    #expect(throws: GraphicsError.self) { try AnimatedPNG.joined([], seconds: 1) }
    #expect(throws: GraphicsError.self) { try AnimatedPNG.joined([[1, 2, 3]], seconds: 1) }
  }
}
