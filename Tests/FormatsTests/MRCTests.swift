import Formats
import TensorEngine
import Testing

@Suite struct MRCTests {
  @Test(arguments: [
    StoredType.int8, .int16, .uint16, .float16, .float32,
  ])
  func everyModeRoundTrips(_ stored: StoredType) throws {
    let scratch = try Scratch()
    let image = try ramp(
      [3, 4, 5], axes: "ZYX", stored: stored, first: stored == .uint16 ? 0 : -30)
    let path = scratch.path("x.mrc")
    #expect(try Formats.save(image, path).stored == stored)
    let back = try Formats.load(path).image
    #expect(back.tensor == image.tensor)
    #expect(back.stored == stored)
    #expect(back.axes == "ZYX")
  }

  @Test(arguments: [
    ("YX", [4, 5]), ("ZYX", [3, 4, 5]), ("SYX", [3, 4, 5]), ("SZYX", [2, 3, 4, 5]),
  ])
  func theKindOfStackIsKept(_ axes: String, _ shape: [Int]) throws {
    let scratch = try Scratch()
    let image = try ramp(shape, axes: axes)
    try Formats.save(image, scratch.path("x.mrc"))
    let back = try Formats.load(scratch.path("x.mrc")).image
    #expect(back.axes == axes)
    #expect(back.tensor == image.tensor)
  }

  @Test func voxelSizeAndOriginAreKeptInTheirOrder() throws {
    let scratch = try Scratch()
    var image = try ramp([3, 4, 5], axes: "ZYX", voxel: [3, 2, 1.5], unit: "A")
    image.origin = [10, 20, 30]
    try Formats.save(image, scratch.path("x.mrc"))
    let back = try Formats.load(scratch.path("x.mrc")).image
    #expect(back.voxel == [3, 2, 1.5])
    #expect(back.unit == "A")
    #expect(back.origin == [10, 20, 30])
    // A block begins where its first voxel lies.
    let block = try Formats.load(
      scratch.path("x.mrc"), LoadOptions(crop: ["Z": 1..<3, "X": 2..<4])
    ).image
    #expect(block.origin == [13, 20, 33])
    try Formats.save(block, scratch.path("block.mrc"))
    let again = try Formats.load(scratch.path("block.mrc")).image
    #expect(again.voxel == [3, 2, 1.5])
    #expect(again.origin == [13, 20, 33])
  }

  /// Whatever an axis is called, its voxels are as long as the file says.
  @Test func voxelSizeGoesWithTheDimension() throws {
    let scratch = try Scratch()
    var image = try ramp([3, 4, 5], axes: "ZYX", voxel: [3, 2, 1.5], unit: "A")
    image.origin = [10, 20, 30]
    try Formats.save(image, scratch.path("x.mrc"))
    let turned = try Formats.load(scratch.path("x.mrc"), LoadOptions(axes: "XYZ")).image
    #expect(turned.shape == [5, 4, 3])
    #expect(turned.voxel == [1.5, 2, 3])
    #expect(turned.origin == [30, 20, 10])
    try Formats.save(turned, scratch.path("turned.mrc"))
    #expect(try Formats.load(scratch.path("turned.mrc")).image.voxel == [1.5, 2, 3])
  }

  @Test func nanometresBecomeAngstrom() throws {
    let scratch = try Scratch()
    let image = try ramp([2, 2, 3], axes: "ZYX", voxel: [1, 0.5, 0.5], unit: "nm")
    try Formats.save(image, scratch.path("x.mrc"))
    #expect(try Formats.load(scratch.path("x.mrc")).image.voxel == [10, 5, 5])
  }

  @Test func integersAreRoundedClippedAndCounted() throws {
    let scratch = try Scratch()
    let image = try Image(
      Tensor([-5, 0.4, 65534.6, 70000], shape: [2, 2]), axes: "YX", stored: .uint16)
    let report = try Formats.save(image, scratch.path("x.mrc"))
    #expect(report.losses.clipped == 2)
    #expect(try Formats.load(scratch.path("x.mrc")).image.tensor.values == [0, 0, 65535, 65535])
    // The header describes what was stored.
    let bytes = try Scratch.read(scratch.path("x.mrc"))
    #expect(MRCTests.float(bytes, at: 76) == 0)
    #expect(MRCTests.float(bytes, at: 80) == 65535)
    #expect(MRCTests.float(bytes, at: 84) == 32767.5)
    #expect(MRCTests.float(bytes, at: 216) == 32767.5)
  }

  @Test func labelsStayInOrderAndTheLastGivesWay() throws {
    let scratch = try Scratch()
    let path = scratch.path("x.mrc")
    var image = try ramp([2, 2], axes: "YX")
    for count in 1...12 {
      try Formats.save(
        image, path, SaveOptions(overwrite: true, provenance: "dn 1.0: step \(count)"))
      image = try Formats.load(path).image
    }
    let notes = try #require(image.header?.notes)
    #expect((1...9).map { notes["label \($0)"] } == (1...9).map { "dn 1.0: step \($0)" })
    #expect(notes["label 10"] == "dn 1.0: step 12")
  }

  @Test func bigEndianFilesReadAndAreWrittenBackSo() throws {
    let scratch = try Scratch()
    let image = try ramp([2, 3, 4], axes: "ZYX", stored: .int16, first: -3, voxel: [2, 2, 2])
    try Formats.save(image, scratch.path("little.mrc"))
    let little = try Scratch.read(scratch.path("little.mrc"))
    let path = try scratch.write(MRCTests.swapped(little, wordSize: 2), to: "big.mrc")
    let back = try Formats.load(path).image
    #expect(back.tensor == image.tensor)
    #expect(back.voxel == [2, 2, 2])
    try Formats.save(back, scratch.path("again.mrc"))
    let again = try Scratch.read(scratch.path("again.mrc"))
    #expect(again[0..<16].elementsEqual([0, 0, 0, 4, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 1]))
    #expect(try Formats.load(scratch.path("again.mrc")).image.tensor == image.tensor)
    // Without a machine stamp the order is told by what makes sense.
    var bare = MRCTests.swapped(little, wordSize: 2)
    bare.replaceSubrange(212..<216, with: [0, 0, 0, 0])
    #expect(
      try Formats.load(try scratch.write(bare, to: "bare.mrc")).image.tensor == image.tensor)
  }

  @Test func fourBitsAreUnpacked() throws {
    let scratch = try Scratch()
    var bytes = try Scratch.read(
      try saved(ramp([2, 3], axes: "YX", stored: .int8), in: scratch))
    bytes[12] = 101
    // Rows of three values take two bytes, the last half of which is unused.
    bytes.replaceSubrange(1024..., with: [0x21, 0xf3, 0x54, 0x06])
    let path = try scratch.write(bytes, to: "four.mrc")
    let loaded = try Formats.load(path)
    #expect(try loaded.image.tensor.values == [1, 2, 3, 4, 5, 6])
    #expect(try loaded.image.stored == .uint8)
    let block = try Formats.load(path, LoadOptions(crop: ["X": 1..<3])).image
    #expect(block.tensor.values == [2, 3, 5, 6])
  }

  @Test(arguments: [3, 4]) func complexNumbersAreRefusedWithAWayOut(_ mode: UInt8) throws {
    let scratch = try Scratch()
    var bytes = try Scratch.read(try saved(ramp([4, 4], axes: "YX"), in: scratch))
    bytes[12] = mode
    let error = try failure { _ = try Formats.load(try scratch.write(bytes, to: "c.mrc")) }
    #expect(error.kind == .unsupported)
    #expect(error.message.contains("complex"))
    #expect(error.hint?.contains("real") == true)
  }

  @Test func theExtendedHeaderIsKept() throws {
    let scratch = try Scratch()
    var bytes = try Scratch.read(try saved(ramp([3, 4, 5], axes: "ZYX"), in: scratch))
    let extended = (0..<96).map { UInt8($0) }
    bytes[92] = 96
    bytes.replaceSubrange(104..<108, with: Array("SERI".utf8))
    bytes.insert(contentsOf: extended, at: 1024)
    let image = try Formats.load(try scratch.write(bytes, to: "seri.mrc")).image
    #expect(image.header?.extended == extended)
    try Formats.save(image, scratch.path("again.mrc"))
    #expect(try Formats.load(scratch.path("again.mrc")).image.header?.extended == extended)
    // Its words describe sections: with fewer of them they are wrong.
    let block = try Formats.load(
      scratch.path("again.mrc"), LoadOptions(crop: ["Z": 0..<2])
    ).image
    let report = try Formats.save(block, scratch.path("block.mrc"))
    #expect(report.notes.contains { $0.contains("SERI") })
    #expect(try Formats.load(scratch.path("block.mrc")).image.header?.extended == [])
  }

  @Test func aHeaderOfTerabytesIsOneError() throws {
    let scratch = try Scratch()
    var bytes = try Scratch.read(try saved(ramp([2, 2, 2], axes: "ZYX"), in: scratch))
    bytes.replaceSubrange(0..<12, with: [0, 0, 1, 0, 0, 0, 1, 0, 0, 4, 0, 0])
    let error = try failure { _ = try Formats.load(try scratch.write(bytes, to: "huge.mrc")) }
    #expect(error.kind == .damaged)
    #expect(error.message.contains("17.6 TB"))
    #expect(error.message.contains("the file has 1.1 kB"))
    // Packed, the file's size is not known: memory is the limit then.
    let file = try OutputFile(path: scratch.path("huge.mrc.gz"), overwrite: false, packing: .gzip)
    try file.write(bytes + [UInt8](repeating: 0, count: 1 << 18))
    try file.commit()
    let packed = try failure { _ = try Formats.load(scratch.path("huge.mrc.gz")) }
    #expect(packed.kind == .tooLarge, "\(packed)")
  }

  @Test func aCutFileSaysWhatIsMissing() throws {
    let scratch = try Scratch()
    let bytes = try Scratch.read(try saved(ramp([20, 20, 20], axes: "ZYX"), in: scratch))
    for length in [10, 500, 1023, 1024, bytes.count - 1] {
      let path = try scratch.write(Array(bytes.prefix(length)), to: "cut.mrc")
      #expect(try failure { _ = try Formats.load(path) }.kind == .damaged, "\(length) bytes")
    }
  }

  @Test func randomHeadersNeverTrap() throws {
    let scratch = try Scratch()
    let sound = try Scratch.read(try saved(ramp([4, 4, 4], axes: "ZYX"), in: scratch))
    var state: UInt64 = 7
    for _ in 0..<1000 {
      var bytes = sound
      for _ in 0..<4 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        bytes[Int(state >> 33) % 224] = UInt8(truncatingIfNeeded: state >> 24)
      }
      do {
        let image = try Formats.load(try scratch.write(bytes, to: "wrong.mrc")).image
        try Formats.save(image, scratch.path("out.mrc"), SaveOptions(overwrite: true))
      } catch { #expect(error is FormatError, "\(error)") }
    }
  }

  @Test(.enabled(if: SharedData.isThere)) func axisOrderIsRestored() throws {
    let scratch = try Scratch()
    let image = try Formats.load(SharedData.path("maps/EMD-3001.map")).image
    try Formats.save(image, scratch.path("x.map"))
    let (before, after) = (
      try Scratch.read(SharedData.path("maps/EMD-3001.map")),
      try Scratch.read(scratch.path("x.map"))
    )
    #expect(before.count == after.count)
    #expect(before[1024...].elementsEqual(after[1024...]))
    // Size, sampling, cell, axes and symmetry are the same words.
    #expect(before[0..<76].elementsEqual(after[0..<76]))
    #expect(before[88..<96].elementsEqual(after[88..<96]))
    #expect(MRCTests.float(after, at: 76) == MRCTests.float(before, at: 76))
    #expect(abs(MRCTests.float(after, at: 84) - MRCTests.float(before, at: 84)) < 1e-4)
  }

  @Test(.enabled(if: SharedData.isThere)) func headersOfRealFilesComeBack() throws {
    let scratch = try Scratch()
    for name in ["betaGal.mrc", "float16.mrc", "Custom_movie.mrc", "empiar_10076_7.mrc"] {
      let image = try Formats.load(SharedData.path("maps/\(name)")).image
      try Formats.save(image, scratch.path(name))
      let before = try Scratch.read(SharedData.path("maps/\(name)"))
      let after = try Scratch.read(scratch.path(name))
      #expect(before[1024...].elementsEqual(after[1024...]), "\(name)")
      #expect(before[0..<76].elementsEqual(after[0..<76]), "\(name)")
      #expect(before[220...].elementsEqual(after[220...]), "\(name)")
    }
  }

  private func saved(_ image: Image, in scratch: Scratch) throws -> String {
    try Formats.save(image, scratch.path("x.mrc"))
    return scratch.path("x.mrc")
  }

  private static func float(_ bytes: [UInt8], at offset: Int) -> Float {
    Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << UInt32(8 * $1) })
  }

  /// The same file in the other byte order; text stays.
  private static func swapped(_ bytes: [UInt8], wordSize: Int) -> [UInt8] {
    var result = bytes
    func swap(_ range: Range<Int>, _ size: Int) {
      for start in stride(from: range.lowerBound, to: range.upperBound, by: size) {
        result.replaceSubrange(
          start..<(start + size), with: bytes[start..<(start + size)].reversed())
      }
    }
    swap(0..<104, 4)
    swap(108..<208, 4)
    result.replaceSubrange(212..<216, with: [0x11, 0x11, 0, 0])
    swap(216..<224, 4)
    swap(1024..<bytes.count, wordSize)
    return result
  }
}
