import Formats
import TensorEngine
import Testing

@Suite struct PNGTests {
  @Test(arguments: [StoredType.uint8, .uint16], ["YX", "CYX"])
  func integersRoundTripExactly(_ stored: StoredType, _ axes: String) throws {
    let scratch = try Scratch()
    let shape = axes == "YX" ? [37, 53] : [3, 37, 53]
    let step: Float = stored == .uint8 ? 1 : 11
    let top: Float = stored == .uint8 ? 256 : 65536
    let image = try Image(
      Tensor(shape: shape) { (step * Float($0)).truncatingRemainder(dividingBy: top) },
      axes: axes, stored: stored)
    let report = try Formats.save(image, scratch.path("x.png"))
    #expect(report.stored == stored)
    #expect(report.losses == Losses())
    let back = try Formats.load(scratch.path("x.png"))
    #expect(back.notes.isEmpty)
    #expect(try back.image.tensor == image.tensor)
    #expect(try back.image.axes == axes)
    #expect(try back.image.stored == stored)
    #expect(try back.image.channels == (axes == "YX" ? nil : ["red", "green", "blue"]))
  }

  @Test func floatsAreRoundedAndClippedAndCounted() throws {
    let scratch = try Scratch()
    let image = try Image(
      Tensor([-3, 0.5, 1.5, 254.6, 255.4, 300, .nan, .infinity], shape: [2, 4]))
    let report = try Formats.save(image, scratch.path("x.png"))
    #expect(report.losses.clipped == 3)
    #expect(report.losses.notNumbers == 1)
    #expect(report.notes.contains { $0.contains("3 values outside the range of uint8") })
    let back = try Formats.load(scratch.path("x.png")).image
    #expect(back.tensor.values == [0, 0, 2, 255, 255, 255, 0, 255])
  }

  @Test func aPictureThatWouldBeBlackIsNoted() throws {
    let scratch = try Scratch()
    let image = try ramp([4, 4], axes: "YX", step: 1 / 16)
    #expect(
      try Formats.save(image, scratch.path("x.png")).notes.contains { $0.contains("by 255") })
  }

  @Test func theTypeCanBeChosen() throws {
    let scratch = try Scratch()
    let image = try ramp([2, 2], axes: "YX", first: 1000, step: 100)
    let path = scratch.path("x.png")
    #expect(try Formats.save(image, path, SaveOptions(dtype: .uint16)).stored == .uint16)
    #expect(try Formats.load(path).image.tensor == image.tensor)
    let error = try failure {
      try Formats.save(image, path, SaveOptions(dtype: .float32, overwrite: true))
    }
    #expect(error.kind == .badRequest)
    #expect(error.hint?.contains("dtype=uint8") == true)
  }

  @Test func alphaIsLeftOutOrKept() throws {
    let scratch = try Scratch()
    let path = scratch.path("x.png")
    let image = try Image(
      Tensor(shape: [4, 2, 2]) { Float($0 * 10) }, axes: "CYX", stored: .uint8,
      channels: ["red", "green", "blue", "alpha"])
    try Formats.save(image, path)
    let plain = try Formats.load(path)
    #expect(try plain.image.shape == [3, 2, 2])
    #expect(plain.notes == ["the alpha channel was left out; alpha=true keeps it"])
    let kept = try Formats.load(path, LoadOptions(alpha: true))
    #expect(try kept.image.tensor == image.tensor)
    #expect(try kept.image.channels?.last == "alpha")
    // Four channels without that name are no picture.
    let stack = try ramp([4, 2, 2], axes: "CYX", stored: .uint8)
    #expect(try failure { try Formats.save(stack, scratch.path("y.png")) }.kind == .badRequest)
  }

  @Test func provenanceIsWrittenAsText() throws {
    let scratch = try Scratch()
    let path = scratch.path("x.png")
    try Formats.save(
      try ramp([2, 2], axes: "YX"), path, SaveOptions(provenance: "dn 1.0: gefärbt"))
    #expect(try Formats.load(path).image.header?.notes["Description"] == "dn 1.0: gefärbt")
  }

  @Test func aWrongChecksumIsDamage() throws {
    let scratch = try Scratch()
    try Formats.save(try ramp([64, 64], axes: "YX"), scratch.path("x.png"))
    let sound = try Scratch.read(scratch.path("x.png"))
    // In the header, and in the pixels.
    for position in [18, sound.count - 20] {
      var bytes = sound
      bytes[position] ^= 1
      let path = try scratch.write(bytes, to: "wrong.png")
      #expect(try failure { _ = try Formats.load(path) }.kind == .damaged)
    }
  }

  @Test func anyCutIsDamage() throws {
    let scratch = try Scratch()
    try Formats.save(try ramp([16, 16], axes: "YX"), scratch.path("x.png"))
    let sound = try Scratch.read(scratch.path("x.png"))
    for length in stride(from: 9, to: sound.count, by: 7) {
      let path = try scratch.write(Array(sound.prefix(length)), to: "cut.png")
      #expect(try failure { _ = try Formats.load(path) }.kind == .damaged, "\(length) bytes")
    }
  }

  @Test func randomDamageNeverTraps() throws {
    let scratch = try Scratch()
    try Formats.save(try ramp([16, 16], axes: "YX"), scratch.path("x.png"))
    let sound = try Scratch.read(scratch.path("x.png"))
    var state: UInt64 = 1
    for _ in 0..<300 {
      var bytes = sound
      for _ in 0..<3 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        bytes[8 + Int(state >> 33) % (bytes.count - 8)] = UInt8(truncatingIfNeeded: state >> 24)
      }
      let path = try scratch.write(bytes, to: "wrong.png")
      // Either it still reads, or it says what is wrong.
      do { _ = try Formats.load(path) } catch { #expect(error is FormatError) }
    }
  }

  @Test func anEnormousPictureIsRefusedBeforeItIsUnpacked() throws {
    let scratch = try Scratch()
    try Formats.save(try ramp([2, 2], axes: "YX"), scratch.path("x.png"))
    var bytes = try Scratch.read(scratch.path("x.png"))
    bytes.replaceSubrange(16..<24, with: [0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff])
    let sum = PNGTests.crc(bytes[12..<29])
    bytes.replaceSubrange(
      29..<33, with: (0..<4).map { UInt8(truncatingIfNeeded: sum >> (24 - 8 * $0)) })
    let path = try scratch.write(bytes, to: "bomb.png")
    #expect(try Formats.describe(path).shape == [0x7fff_ffff, 0x7fff_ffff])
    let error = try failure { _ = try Formats.load(path) }
    #expect(error.kind == .tooLarge, "\(error)")
  }

  private static func crc(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { sum, byte in
      (0..<8).reduce(sum ^ UInt32(byte)) { value, _ in
        value & 1 == 1 ? 0xedb8_8320 ^ value >> 1 : value >> 1
      }
    }
  }
}
