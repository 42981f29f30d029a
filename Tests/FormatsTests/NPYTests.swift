import Formats
import TensorEngine
import Testing

@Suite struct NPYTests {
  @Test(arguments: StoredType.allCases.filter { $0 != .complex64 })
  func everyTypeRoundTrips(_ stored: StoredType) throws {
    let scratch = try Scratch()
    let values: [Float] = stored == .bit ? [0, 1, 1, 0, 1, 0] : [0, 1, 2, 100, 101, 127]
    let image = try Image(Tensor(values, shape: [2, 3]), stored: stored)
    try Formats.save(image, scratch.path("x.npy"))
    let back = try Formats.load(scratch.path("x.npy")).image
    #expect(back.tensor == image.tensor)
    #expect(back.stored == stored)
  }

  @Test(arguments: [[], [5], [0, 3], [2, 3, 4, 5]]) func everyRankRoundTrips(_ shape: [Int]) throws
  {
    let scratch = try Scratch()
    let image = try ramp(shape, axes: Image.defaultAxes(rank: shape.count))
    try Formats.save(image, scratch.path("x.npy"))
    #expect(try Formats.load(scratch.path("x.npy")).image.tensor == image.tensor)
  }

  @Test func extremesOfWideIntegersAreClippedNotTrapped() throws {
    let scratch = try Scratch()
    let image = try Image(Tensor([-1e30, 1e30, .nan, -.infinity], shape: [4]), axes: "X")
    for dtype in [StoredType.int32, .uint32, .int64, .uint64, .uint8] {
      let path = scratch.path("\(dtype).npy")
      let report = try Formats.save(image, path, SaveOptions(dtype: dtype))
      #expect(report.losses.clipped == 3)
      #expect(report.losses.notNumbers == 1)
      let range = try #require(dtype.range)
      let values = try Formats.load(path).image.tensor.values
      #expect(values[0] == Float(range.lowerBound))
      #expect(values[1] == Float(range.upperBound))
    }
  }

  /// A file as NumPy writes it.
  private func file(_ header: String, version: UInt8 = 1, _ data: [UInt8]) -> [UInt8] {
    let count = header.utf8.count
    let length =
      version == 1
      ? [UInt8(count & 255), UInt8(count >> 8)] : [UInt8(count & 255), UInt8(count >> 8), 0, 0]
    return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + Array(header.utf8) + data
  }

  @Test(arguments: [1, 2, 3] as [UInt8]) func fortranOrderAndBigEndian(_ version: UInt8) throws {
    let scratch = try Scratch()
    let bytes = file(
      "{'shape': (2, 3), 'fortran_order': True, 'descr': '>i2'}", version: version,
      [0, 1, 0, 4, 0, 2, 0, 5, 0, 3, 0xff, 0xfa])
    let path = try scratch.write(bytes, to: "x.npy")
    let image = try Formats.load(path).image
    #expect(image.axes == "YX")
    #expect(image.tensor == (try Tensor([1, 2, 3, 4, 5, -6], shape: [2, 3])))
    let block = try Formats.load(path, LoadOptions(crop: ["Y": 1..<2])).image
    #expect(block.tensor.values == [4, 5, -6])
  }

  @Test func valuesBeyondSinglePrecisionAreNoted() throws {
    let scratch = try Scratch()
    let bytes = file(
      "{'descr': '<i4', 'fortran_order': False, 'shape': (1,), }", [1, 0, 0, 0x10])
    let loaded = try Formats.load(try scratch.write(bytes, to: "x.npy"))
    #expect(loaded.notes.contains { $0.contains("16777216") })
  }

  @Test(arguments: [
    ("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", "pickled"),
    ("{'descr': '<c8', 'fortran_order': False, 'shape': (1,)}", "complex"),
    ("{'descr': '<U4', 'fortran_order': False, 'shape': (1,)}", "text"),
    ("{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (1,)}", "records"),
    ("{'descr': '<f16', 'fortran_order': False, 'shape': (1,)}", "<f16"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1)}", "7 dimensions"),
  ])
  func whatIsNoArrayOfNumbersIsRefused(_ header: String, _ word: String) throws {
    let scratch = try Scratch()
    let path = try scratch.write(file(header, [0, 0, 0, 0, 0, 0, 0, 0]), to: "x.npy")
    let error = try failure { _ = try Formats.load(path) }
    #expect(error.kind == .unsupported)
    #expect(error.message.contains(word), "\(error)")
  }

  @Test(arguments: [
    "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (100,)}", "{'descr': '<f4'", "", "{",
    "((((((",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}",
  ])
  func damagedHeadersAreRefused(_ header: String) throws {
    let scratch = try Scratch()
    let path = try scratch.write(file(header, [0, 0, 0, 0]), to: "x.npy")
    #expect(try failure { _ = try Formats.load(path) }.kind == .damaged)
  }
}
