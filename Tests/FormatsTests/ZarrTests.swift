import Formats
import Glibc
import TensorEngine
import Testing

@Suite struct ZarrTests {
  private static func full() throws -> Image {
    var image = try ramp(
      [2, 3, 5, 700], axes: "CZYX", step: 0.5, voxel: [2, 1.5, 1.5], unit: "nm")
    image.origin = [10, -3.25, 0]
    image.channels = ["actin", "DNA"]
    return image
  }

  @Test(arguments: [2, 3], [SaveOptions.Compression.none, .zstd, .blosc, .deflate])
  func everyVersionAndPackingRoundTrips(_ version: Int, _ packing: SaveOptions.Compression) throws {
    let scratch = try Scratch()
    let image = try ZarrTests.full()
    var options = SaveOptions(compression: packing, provenance: "made here")
    options.version = version
    let path = scratch.path("x.zarr")
    try Formats.save(image, path, options)
    let back = try Formats.load(path).image
    #expect(back.tensor == image.tensor)
    #expect(back.axes == "CZYX")
    #expect(back.voxel == image.voxel)
    #expect(back.unit == "nm")
    #expect(back.origin == image.origin)
    #expect(back.channels == image.channels)
    #expect(back.header?.notes["provenance"] == "made here")
    let block = try Region(["Z": 1..<3, "X": 500..<690], axes: "CZYX", shape: image.shape)
    let part = try Formats.reader(path).values(in: block)
    #expect(try part == image.values(in: block.ranges))
  }

  @Test(arguments: StoredType.allCases.filter { $0 != .complex64 })
  func everyTypeRoundTrips(_ stored: StoredType) throws {
    let scratch = try Scratch()
    let values: [Float] = stored == .bit ? [0, 1, 1, 0, 1, 0] : [0, 1, 2, 100, 101, 127]
    let image = try Image(Tensor(values, shape: [2, 3]), axes: "SX", stored: stored)
    for version in [2, 3] {
      var options = SaveOptions(overwrite: true)
      options.version = version
      try Formats.save(image, scratch.path("x.zarr"), options)
      let back = try Formats.load(scratch.path("x.zarr")).image
      #expect(back.tensor == image.tensor)
      #expect(back.stored == stored)
      #expect(back.axes == "SX")
    }
  }

  /// A chunk that was never written holds the fill value; chunks in Fortran's order are turned.
  @Test func chunksThatAreMissingAreFilled() throws {
    let scratch = try Scratch()
    mkdir(scratch.path("x.zarr"), 0o755)
    _ = try scratch.write(
      """
      {"zarr_format": 2, "shape": [3, 4], "chunks": [2, 2], "dtype": ">i2", "compressor": null,
       "fill_value": -7, "order": "F", "filters": null}
      """, to: "x.zarr/.zarray")
    try scratch.write([0, 1, 0, 2, 0, 3, 0, 4], to: "x.zarr/0.1")
    let image = try Formats.load(scratch.path("x.zarr")).image
    #expect(image.tensor.values == [-7, -7, 1, 3, -7, -7, 2, 4, -7, -7, -7, -7])
    #expect(image.stored == .int16)
  }

  @Test func shardsAreRead() throws {
    let scratch = try Scratch()
    mkdir(scratch.path("x.zarr"), 0o755)
    mkdir(scratch.path("x.zarr/c"), 0o755)
    _ = try scratch.write(
      """
      {"zarr_format": 3, "node_type": "array", "shape": [4], "data_type": "uint8",
       "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": [4]}},
       "chunk_key_encoding": {"name": "default"}, "fill_value": 9,
       "codecs": [{"name": "sharding_indexed", "configuration": {"chunk_shape": [2],
         "codecs": [{"name": "bytes"}], "index_codecs": [{"name": "bytes"}],
         "index_location": "end"}}]}
      """, to: "x.zarr/zarr.json")
    let none = [UInt8](repeating: 255, count: 16)
    let list: [UInt8] = none + [0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0]
    try scratch.write([5, 6] + list, to: "x.zarr/c/0")
    #expect(try Formats.load(scratch.path("x.zarr")).image.tensor.values == [9, 9, 5, 6])
    // An entry that leads out of the file.
    try scratch.write([5, 6] + none + [99] + list.dropFirst(17), to: "x.zarr/c/0")
    #expect(try failure { _ = try Formats.load(scratch.path("x.zarr")) }.kind == .damaged)
  }

  @Test func damageIsTold() throws {
    let scratch = try Scratch()
    let path = scratch.path("x.zarr")
    try Formats.save(try ramp([8, 8], axes: "YX"), path)
    try scratch.write([1, 2, 3], to: "x.zarr/0/0/0")
    #expect(try failure { _ = try Formats.load(path) }.message.contains("a chunk of it cannot"))
    _ = try scratch.write("{\"zarr_format\": 2, \"shape\": [8, 8]", to: "x.zarr/0/.zarray")
    #expect(try failure { _ = try Formats.load(path) }.message.contains("no JSON"))
    _ = try scratch.write(
      "{\"shape\": [8, 8], \"chunks\": [99999999999, 99999999999], \"dtype\": \"<f4\"}",
      to: "x.zarr/0/.zarray")
    #expect(try failure { _ = try Formats.load(path) }.message.contains("size of chunks"))
    #expect(
      try failure { _ = try Formats.load(path, LoadOptions(key: "../x.zarr/0")) }.kind
        == .badRequest)
  }

  @Test func onlyItsOwnKindIsReplaced() throws {
    let scratch = try Scratch()
    let image = try ramp([2, 2], axes: "YX")
    let path = scratch.path("x.zarr")
    try Formats.save(image, path)
    let refusal = try failure { try Formats.save(image, path) }
    #expect(refusal.kind == .exists)
    #expect(refusal.hint?.contains("x_2.zarr") == true)
    try Formats.save(image, path, SaveOptions(overwrite: true))
    mkdir(scratch.path("letters.zarr"), 0o755)
    _ = try scratch.write("dear", to: "letters.zarr/one.txt")
    let kept = try failure {
      try Formats.save(image, scratch.path("letters.zarr"), SaveOptions(overwrite: true))
    }
    #expect(kept.kind == .notAFile)
    #expect(scratch.names == ["letters.zarr", "x.zarr"])
  }
}
