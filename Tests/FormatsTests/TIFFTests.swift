import Formats
import TensorEngine
import Testing

@Suite struct TIFFTests {
  @Test(arguments: StoredType.allCases.filter { ![.complex64, .bit].contains($0) })
  func everyTypeRoundTrips(_ stored: StoredType) throws {
    let scratch = try Scratch()
    let image = try Image(
      Tensor([0, 1, 2, 100, 101, 127], shape: [2, 3]), axes: "YX", stored: stored)
    #expect(try Formats.save(image, scratch.path("x.tif")).stored == stored)
    let back = try Formats.load(scratch.path("x.tif")).image
    #expect(back.tensor == image.tensor)
    #expect(back.stored == stored)
  }

  @Test(
    arguments: ["YX", "ZYX", "SYX", "TYX", "CYX", "CZYX", "TZYX", "SCYX", "TCZYX", "SCZYX"],
    [StoredType.uint8, .int16, .float32])
  func axesAreKept(_ axes: String, _ stored: StoredType) throws {
    let scratch = try Scratch()
    let sizes: [Character: Int] = ["S": 2, "T": 3, "C": 4, "Z": 5, "Y": 6, "X": 7]
    let shape = axes.compactMap { sizes[$0] }
    let image = try Image(
      Tensor(shape: shape) { Float($0 % 120) }, axes: axes, stored: stored)
    try Formats.save(image, scratch.path("x.tif"))
    let back = try Formats.load(scratch.path("x.tif"))
    #expect(try back.image.axes == axes)
    #expect(try back.image.tensor == image.tensor)
    #expect(back.notes.isEmpty, "\(back.notes)")
  }

  @Test(arguments: compressions, [StoredType.uint8, .uint16, .int32, .float32])
  func everyCompressionRoundTrips(
    _ compression: SaveOptions.Compression, _ stored: StoredType
  ) throws {
    let scratch = try Scratch()
    // More than one strip of a quarter megabyte.
    let image = try Image(
      Tensor(shape: [2, 700, 500]) { Float($0 % 251) }, axes: "ZYX", stored: stored)
    let report = try Formats.save(
      image, scratch.path("x.tif"), SaveOptions(compression: compression))
    #expect((report.bytes < 350_000) == (compression != .none))
    #expect(try Formats.load(scratch.path("x.tif")).image.tensor == image.tensor)
    let block = try Formats.load(
      scratch.path("x.tif"), LoadOptions(crop: ["Z": 1..<2, "Y": 250..<600, "X": 3..<9])
    ).image
    #expect(block.shape == [1, 350, 6])
    #expect(block.tensor.values.first == Float((350_000 + 250 * 500 + 3) % 251))
  }

  @Test func colourIsWrittenAsColour() throws {
    let scratch = try Scratch()
    let image = try Image(
      Tensor(shape: [2, 3, 4, 5]) { Float($0) }, axes: "SCYX", stored: .uint8,
      channels: ["red", "green", "blue"])
    try Formats.save(image, scratch.path("x.tif"))
    let back = try Formats.load(scratch.path("x.tif")).image
    #expect(back.axes == "SCYX")
    #expect(back.tensor == image.tensor)
    #expect(back.channels == ["red", "green", "blue"])
  }

  @Test func alphaIsLeftOutOrKept() throws {
    let scratch = try Scratch()
    let image = try Image(
      Tensor(shape: [4, 2, 2]) { Float($0) }, axes: "CYX", stored: .uint8,
      channels: ["red", "green", "blue", "alpha"])
    try Formats.save(image, scratch.path("x.tif"))
    #expect(try Formats.load(scratch.path("x.tif")).image.shape == [3, 2, 2])
    let kept = try Formats.load(scratch.path("x.tif"), LoadOptions(alpha: true)).image
    #expect(kept.tensor == image.tensor)
  }

  @Test func voxelSizeIsKept() throws {
    let scratch = try Scratch()
    let image = try ramp([2, 3, 4], axes: "ZYX", voxel: [0.5, 0.25, 0.125], unit: "um")
    try Formats.save(image, scratch.path("x.tif"))
    let back = try Formats.load(scratch.path("x.tif")).image
    #expect(back.voxel == [0.5, 0.25, 0.125])
    #expect(back.unit == "um")
  }

  private static let compressions: [SaveOptions.Compression] = [.none, .deflate, .lzw, .zstd]

  @Test func packedAsAWholeRoundTrips() throws {
    let scratch = try Scratch()
    let image = try ramp([6, 7], axes: "YX")
    try Formats.save(image, scratch.path("x.tif.gz"))
    #expect(try Scratch.read(scratch.path("x.tif.gz")).starts(with: [0x1f, 0x8b]))
    #expect(try Formats.load(scratch.path("x.tif.gz")).image.tensor == image.tensor)
    // The HDF5 library reads no packed files, so none are written.
    let error = try failure { try Formats.save(image, scratch.path("x.h5.gz")) }
    #expect(error.hint?.contains("compress=deflate") == true)
  }

  /// What ImageJ's description has no place for is kept beside it.
  @Test(arguments: [StoredType.float32, .uint32]) func detailsAreKept(_ stored: StoredType) throws {
    let scratch = try Scratch()
    var image = try ramp(
      [2, 3, 4, 5], axes: "CZYX", stored: stored, voxel: [3, 1.0588, 0.7], unit: "A")
    image.origin = [-1.5, 20, 1e-3]
    image.channels = ["GFP", "a=b, {c}"]
    try Formats.save(image, scratch.path("x.tif"), SaveOptions(provenance: "made here"))
    let back = try Formats.load(scratch.path("x.tif")).image
    #expect(back.voxel == image.voxel)
    #expect(back.unit == "A")
    #expect(back.origin == image.origin)
    #expect(back.channels == image.channels)
    #expect(back.header?.notes["description"]?.contains("made here") == true)
  }

  @Test func oneNumberIsNoPicture() throws {
    let scratch = try Scratch()
    let error = try failure { try Formats.save(try ramp([5], axes: "X"), scratch.path("x.tif")) }
    #expect(error.kind == .badRequest)
    #expect(scratch.names.isEmpty)
  }

  @Test func cutsAndDamageNeverTrap() throws {
    let scratch = try Scratch()
    for compression in TIFFTests.compressions {
      let path = scratch.path("\(compression).tif")
      try Formats.save(
        try ramp([3, 16, 16], axes: "ZYX", stored: .uint16), path,
        SaveOptions(compression: compression))
      let sound = try Scratch.read(path)
      var state: UInt64 = 3
      for round in 0..<300 {
        var bytes =
          round % 4 == 0 ? Array(sound.prefix(8 + round * (sound.count - 9) / 300)) : sound
        for _ in 0..<(round % 4 == 0 ? 0 : 4) {
          state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          bytes[4 + Int(state >> 33) % (bytes.count - 4)] = UInt8(truncatingIfNeeded: state >> 24)
        }
        let wrong = try scratch.write(bytes, to: "wrong.tif")
        do {
          _ = try Formats.load(wrong, LoadOptions(limit: MemoryLimit(bytes: 1 << 26)))
          #expect(round % 4 != 0, "cut to \(bytes.count) of \(sound.count)")
        } catch { #expect(error is FormatError, "\(error)") }
      }
    }
  }

  @Test(.enabled(if: SharedData.isThere)) func aSeriesIsChosenByItsNumber() throws {
    let path = SharedData.path("tiff/peers/multipage-mmap.tiff")
    let first = try Formats.load(path)
    #expect(first.notes.contains { $0.contains("key=1") })
    let second = try Formats.load(path, LoadOptions(key: "1")).image
    #expect(second.shape != (try first.image.shape))
    #expect(try failure { _ = try Formats.load(path, LoadOptions(key: "7")) }.kind == .badRequest)
  }
}
