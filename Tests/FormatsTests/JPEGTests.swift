import Formats
import Testing

@Suite struct JPEGTests {
  @Test(.enabled(if: SharedData.isThere)) func cutsAreDamage() throws {
    let scratch = try Scratch()
    let sound = try Scratch.read(SharedData.path("photo/polyu45.jpg"))
    for length in [3, 100, sound.count / 2, sound.count - 200] {
      let path = try scratch.write(Array(sound.prefix(length)), to: "cut.jpg")
      #expect(try failure { _ = try Formats.load(path) }.kind == .damaged, "\(length) bytes")
    }
  }

  @Test(.enabled(if: SharedData.isThere)) func damageNeverTraps() throws {
    let scratch = try Scratch()
    let sound = try Scratch.read(SharedData.path("photo/polyu45.jpg"))
    var state: UInt64 = 13
    for _ in 0..<60 {
      var bytes = sound
      for _ in 0..<4 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        bytes[3 + Int(state >> 33) % 700] = UInt8(truncatingIfNeeded: state >> 24)
      }
      let path = try scratch.write(bytes, to: "wrong.jpg")
      do {
        _ = try Formats.load(path, LoadOptions(limit: MemoryLimit(bytes: 1 << 26)))
      } catch { #expect(error is FormatError, "\(error)") }
    }
  }

  @Test func picturesAreNotSavedAsJPEG() throws {
    let scratch = try Scratch()
    let error = try failure {
      try Formats.save(try ramp([4, 4], axes: "YX"), scratch.path("x.jpg"))
    }
    #expect(error.kind == .unsupported)
    #expect(error.hint?.contains(".tif") == true)
    #expect(scratch.names.isEmpty)
  }
}
