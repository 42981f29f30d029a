import Formats
import Glibc
import TensorEngine
import Testing

/// Files that are written as their elements come, and read block by block.
@Suite struct StreamTests {
  @Test(arguments: [
    "x.mrc", "x.tif", "x.npy", "x.h5", "x.zarr", "x.mrc.gz", "x.tif.gz", "x.npy.bz2",
  ])
  func whatIsWrittenInPiecesIsWhatIsWrittenAtOnce(_ name: String) throws {
    let scratch = try Scratch()
    var image = try ramp(
      [6, 7, 5], axes: "ZYX", first: -3, step: 0.75, voxel: [2, 2, 2], unit: "A")
    image.origin = [1, 2, 3]
    let (whole, pieces) = (scratch.path(name), scratch.path("pieces-\(name)"))
    try Formats.save(image, whole)
    let file = try Formats.writer(ImageInfo(image), pieces)
    // Rows in chunks that are no planes.
    for first in stride(from: 0, to: 42, by: 4) {
      let end = min(42, first + 4)
      try file.write(Array(image.tensor.values[first * 5..<end * 5]), row: first)
    }
    _ = try file.finish()
    let back = try Formats.load(pieces).image
    #expect(back.tensor == image.tensor)
    #expect(back.voxel == (name.contains(".npy") ? nil : image.voxel))
    #expect(back.origin == (name.contains(".npy") ? nil : image.origin))
    #expect(scratch.names.sorted() == [name, "pieces-\(name)"].sorted())
    if !name.hasSuffix(".zarr"), !name.hasSuffix(".h5") {
      #expect(try Scratch.read(pieces) == Scratch.read(whole))
    }
  }

  /// Rows may come in any order where the format can skip.
  @Test(arguments: ["x.mrc", "x.npy", "x.h5", "x.zarr"])
  func rowsMayComeInAnyOrder(_ name: String) throws {
    let scratch = try Scratch()
    let image = try ramp([2, 3, 4], axes: "CYX")
    let file = try Formats.writer(ImageInfo(image), scratch.path(name))
    #expect(!file.isOrdered)
    for row in [4, 0, 5, 2, 1, 3] {
      try file.write(Array(image.tensor.values[row * 4..<(row + 1) * 4]), row: row)
    }
    _ = try file.finish()
    let axes = name == "x.npy" ? "ZYX" : "CYX"
    #expect(
      try Formats.load(scratch.path(name), LoadOptions(axes: axes)).image.tensor == image.tensor)
  }

  /// Runs that are no rows, from the last to the first.
  @Test(arguments: ["x.mrc", "x.npy", "x.png", "x.tif"])
  func runsMakeTheFileWhereTheFormatTakesThem(_ name: String) throws {
    let scratch = try Scratch()
    let image = try ramp([6, 8], axes: "YX")
    let file = try Formats.writer(ImageInfo(image), scratch.path(name))
    #expect(file.takesRuns == (name != "x.tif"))
    guard file.takesRuns else {
      #expect(throws: FormatError.self) {
        try file.write(image.tensor.values[3..<9], element: 3)
      }
      return
    }
    for first in stride(from: 0, to: 48, by: 6).reversed() {
      try file.write(image.tensor.values[first..<first + 6], element: first)
    }
    _ = try file.finish()
    try Formats.save(image, scratch.path("whole-\(name)"))
    #expect(
      try Scratch.read(scratch.path(name)) == Scratch.read(scratch.path("whole-\(name)")))
  }

  @Test func aFileThatIsNotFinishedIsNotThere() throws {
    let scratch = try Scratch()
    for name in ["x.mrc", "x.h5", "x.zarr", "x.tif"] {
      var file: StreamedFile? = try Formats.writer(
        ImageInfo(try ramp([2, 2, 2], axes: "ZYX")), scratch.path(name))
      try file?.write([0, 1, 2, 3], row: 0)
      file = nil
      #expect(scratch.names == [])
    }
  }

  @Test func aFileOnTheDiskIsReadByBlock() throws {
    let scratch = try Scratch()
    let image = try ramp([4, 5, 6], axes: "ZYX", voxel: [1, 1, 1], unit: "A")
    try Formats.save(image, scratch.path("x.mrc"))
    let crop = LoadOptions(crop: ["Z": 1..<4])
    let file = try FileImage(scratch.path("x.mrc"), crop)
    #expect(file.shape == [3, 5, 6])
    #expect(file.info.origin == [1, 0, 0])
    let block = [1..<3, 0..<5, 2..<4]
    #expect(try file.values(in: block) == image.values(in: [2..<4, 0..<5, 2..<4]))
    #expect(throws: FormatError.self) { try file.values(in: [0..<4, 0..<5, 0..<6]) }
    var pieces: [Float] = []
    try file.forEachPiece(of: 12) { pieces += $0 }
    #expect(pieces == Array(image.tensor.values[30...]))
    #expect(throws: FormatError.self) { try file.whole(limit: MemoryLimit(bytes: 10)) }
  }

  /// What a killed program left beside its file goes with the next one.
  @Test func orphansAreRemoved() throws {
    let scratch = try Scratch()
    _ = try scratch.write("half", to: ".x.h5.999999999-0.part")
    _ = try scratch.write("half", to: ".y.h5.999999999-0.part")
    _ = try scratch.write("half", to: ".x.h5.\(getpid())-77.part")
    try Formats.save(try ramp([2, 2], axes: "YX"), scratch.path("x.h5"))
    #expect(scratch.names == [".x.h5.\(getpid())-77.part", ".y.h5.999999999-0.part", "x.h5"])
  }
}
