import Formats
import TensorEngine
import Testing

@Suite struct HDF5Tests {
  @Test(arguments: StoredType.allCases.filter { ![.complex64, .bit].contains($0) })
  func everyTypeRoundTrips(_ stored: StoredType) throws {
    let scratch = try Scratch()
    let image = try Image(
      Tensor([0, 1, 2, 100, 101, 127], shape: [2, 3]), axes: "YX", stored: stored)
    #expect(try Formats.save(image, scratch.path("x.h5")).stored == stored)
    let back = try Formats.load(scratch.path("x.h5")).image
    #expect(back.tensor == image.tensor)
    #expect(back.stored == stored)
  }

  @Test(arguments: ["", "X", "YX", "ZYX", "SYX", "CZYX", "STCZYX"]) func axesAreKept(
    _ axes: String
  ) throws {
    let scratch = try Scratch()
    let image = try ramp(axes.indices.enumerated().map { $0.offset + 2 }, axes: axes)
    try Formats.save(image, scratch.path("x.h5"))
    let back = try Formats.load(scratch.path("x.h5")).image
    #expect(back.axes == axes)
    #expect(back.tensor == image.tensor)
  }

  @Test(arguments: [nil, SaveOptions.Compression.deflate]) func blocksAndAttributes(
    _ compression: SaveOptions.Compression?
  ) throws {
    let scratch = try Scratch()
    var image = try ramp([4, 30, 40], axes: "ZYX", voxel: [3, 2, 1], unit: "nm")
    image.origin = [1, 2, 3]
    let path = scratch.path("x.h5")
    try Formats.save(
      image, path,
      SaveOptions(compression: compression, key: "deep/volume", provenance: "dn 1.0: made"))
    let back = try Formats.load(
      path, LoadOptions(key: "deep/volume", crop: ["Z": 2..<3, "X": 10..<12])
    ).image
    #expect(back.shape == [1, 30, 2])
    #expect(back.tensor.values[2] == Float(2 * 1200 + 40 + 10))
    #expect(back.voxel == [3, 2, 1])
    #expect(back.unit == "nm")
    #expect(back.origin == [7, 2, 13])
    #expect(back.header?.notes["provenance"] == "dn 1.0: made")
    // The only data set needs no name.
    #expect(try Formats.load(path).notes == ["read from its data set /deep/volume"])
  }

  @Test func framesOfFourDimensionsAreCountedThrough() throws {
    let scratch = try Scratch()
    // Axes that are not known leave only the shape to go by.
    let image = try ramp([2, 3, 4, 5], axes: "QZYX")
    try Formats.save(image, scratch.path("x.h5"))
    let path = scratch.path("x.h5")
    var bytes = try Scratch.read(path)
    let name = try #require(bytes.firstRange(of: Array("QZYX".utf8)))
    bytes.replaceSubrange(name, with: Array("????".utf8))
    let plain = try Formats.reader(try scratch.write(bytes, to: "plain.h5"))
    #expect(plain.info.shape == [6, 4, 5])
    #expect(plain.info.axes == "SYX")
    let block = try plain.read(Region([2..<5, 1..<3, 0..<2]))
    let expected = (2..<5).flatMap { frame in
      [5, 6, 10, 11].map { Float(frame * 20 + $0) }
    }
    #expect(block.tensor.values == expected)
  }

  @Test func compressionThatHDF5LacksIsRefused() throws {
    let scratch = try Scratch()
    let error = try failure {
      try Formats.save(
        try ramp([2, 2], axes: "YX"), scratch.path("x.h5"), SaveOptions(compression: .lzw))
    }
    #expect(error.hint == "use compress=deflate")
  }

  @Test func damageNeverTraps() throws {
    let scratch = try Scratch()
    try Formats.save(try ramp([8, 8], axes: "YX"), scratch.path("x.h5"))
    let sound = try Scratch.read(scratch.path("x.h5"))
    var state: UInt64 = 11
    for round in 0..<200 {
      var bytes = round % 4 == 0 ? Array(sound.prefix(9 + round * sound.count / 201)) : sound
      for _ in 0..<5 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        bytes[8 + Int(state >> 33) % (bytes.count - 8)] = UInt8(truncatingIfNeeded: state >> 24)
      }
      let path = try scratch.write(bytes, to: "wrong.h5")
      do {
        _ = try Formats.load(path, LoadOptions(limit: MemoryLimit(bytes: 1 << 26)))
      } catch { #expect(error is FormatError, "\(error)") }
    }
  }

  @Test(.enabled(if: SharedData.isThere)) func anOpenChoiceListsTheNames() throws {
    let error = try failure {
      _ = try Formats.load(SharedData.path("hdf5/nexus-example.hdf5"))
    }
    #expect(error.kind == .badRequest)
    #expect(error.hint?.contains("key=\"/entry/data/frames\" (10x195x487)") == true, "\(error)")
    let unknown = try failure {
      _ = try Formats.load(SharedData.path("hdf5/nexus-example.hdf5"), LoadOptions(key: "nope"))
    }
    #expect(unknown.message.contains("has no data set \"nope\""))
    // The last part of a path is enough where it is the only one.
    let frames = try Formats.reader(
      SharedData.path("hdf5/nexus-example.hdf5"), LoadOptions(key: "frames"))
    #expect(frames.info.shape == [10, 195, 487])
  }
}
