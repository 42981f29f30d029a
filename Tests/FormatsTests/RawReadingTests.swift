import Formats
import Glibc
import TensorEngine
import Testing

/// Numbers that lie in files uncompressed, read in pieces by several threads.
@Suite struct RawReadingTests {
  /// More numbers than one piece has.
  private static let shape = [3, 500, 601]

  /// A NumPy file whose bytes are given.
  private func npy(_ type: String, _ shape: [Int], _ bytes: [UInt8]) -> [UInt8] {
    let sizes = shape.map(String.init).joined(separator: ", ")
    let text = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(sizes),), }\n"
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.utf8.count), 0] + Array(text.utf8)
      + bytes
  }

  private func bytes<Number: FixedWidthInteger>(_ numbers: [Number], big: Bool) -> [UInt8] {
    numbers.flatMap { number in
      withUnsafeBytes(of: big ? number.bigEndian : number.littleEndian, Array.init)
    }
  }

  private func check<Number: FixedWidthInteger>(
    _ code: String, _ numbers: [Number], _ meant: (Number) -> Float
  ) throws {
    let scratch = try Scratch()
    for big in [false, true] {
      let file = npy((big ? ">" : "<") + code, [numbers.count], bytes(numbers, big: big))
      let image = try Formats.load(scratch.write(file, to: "\(code)-\(big).npy")).image
      let wrong = zip(image.tensor.values, numbers).filter { read, number in
        read.bitPattern != meant(number).bitPattern
      }
      #expect(image.tensor.count == numbers.count && wrong.isEmpty, "\(code): \(wrong.prefix(3))")
    }
  }

  @Test func everyNumberOfSixteenBitsIsRead() throws {
    try check("u2", Array(UInt16.min...UInt16.max)) { Float($0) }
    try check("i2", Array(Int16.min...Int16.max)) { Float($0) }
    try check("f2", Array(UInt16.min...UInt16.max)) { Float(Float16(bitPattern: $0)) }
  }

  @Test func widerNumbersAreRoundedToTheNearest() throws {
    let edges: [Int64] = [
      0, 1, -1, 1 << 24, 1 << 24 + 1, 1 << 24 + 3, -(1 << 24) - 1, 1 << 53 + 1, .max, .min,
    ]
    try check("i4", edges.map { Int32(truncatingIfNeeded: $0) }) { Float($0) }
    try check("u4", edges.map { UInt32(truncatingIfNeeded: $0) }) { Float($0) }
    try check("i8", edges) { Float($0) }
    try check("u8", edges.map { UInt64(bitPattern: $0) }) { Float($0) }
    let doubles = [0, -0.0, 0.1, 1e-45, 1e39, -.infinity, 16_777_217].map(\Double.bitPattern)
    try check("f8", doubles) { Float(Double(bitPattern: $0)) }
    let floats = [0, -0.0, 0.1, Float.leastNonzeroMagnitude, -.infinity, 3e38].map(
      \Float.bitPattern)
    try check("f4", floats) { Float(bitPattern: $0) }
  }

  @Test(arguments: ["x.mrc", "x.npy", "x.tif", "x.h5"], [StoredType.float32, .uint16])
  func blocksAcrossPieces(_ name: String, _ stored: StoredType) throws {
    let scratch = try Scratch()
    let image = try Image(
      Tensor(shape: Self.shape) { Float($0 % 65_521) }, axes: "ZYX", stored: stored)
    try Formats.save(image, scratch.path(name))
    let reader = try Formats.reader(scratch.path(name), LoadOptions(axes: "ZYX"))
    #expect(try reader.read().tensor == image.tensor)
    for block in [
      [1..<3, 0..<500, 0..<601], [0..<3, 17..<480, 0..<601], [0..<3, 1..<500, 5..<600],
      [2..<3, 499..<500, 600..<601], [1..<1, 0..<500, 0..<601],
    ] {
      #expect(try reader.read(Region(block)).tensor.values == image.values(in: block))
    }
  }

  /// What lies before an HDF5 file moves its data.
  @Test func aBlockOfTheUserBeforeAnHDF5File() throws {
    let scratch = try Scratch()
    let image = try ramp([30, 40], axes: "YX")
    try Formats.save(image, scratch.path("x.h5"))
    let bytes = try Scratch.read(scratch.path("x.h5"))
    let moved = try scratch.write([UInt8](repeating: 7, count: 512) + bytes, to: "moved.h5")
    #expect(try Formats.load(moved).image.tensor == image.tensor)
  }

  @Test(arguments: ["x.mrc", "x.npy", "x.tif", "x.h5"])
  func aFileThatWasCutAfterItWasOpened(_ name: String) throws {
    let scratch = try Scratch()
    try Formats.save(try ramp(Self.shape, axes: "ZYX"), scratch.path(name))
    let reader = try Formats.reader(scratch.path(name))
    try #require(truncate(scratch.path(name), 2_000_000) == 0)
    let error = try failure { _ = try reader.read() }
    #expect(error.kind == .damaged)
  }

  @Test func axesInAnotherOrder() throws {
    let scratch = try Scratch()
    let (rows, columns, channels) = (300, 401, 3)
    let numbers = (0..<rows * columns * channels).map { UInt8($0 % 251) }
    let path = try scratch.write(npy("|u1", [rows, columns, channels], numbers), to: "x.npy")
    let image = try Formats.load(path, LoadOptions(axes: "YXC")).image
    #expect(image.axes == "CYX")
    let expected = Tensor(shape: [channels, rows, columns]) { index in
      let (channel, pixel) = index.quotientAndRemainder(dividingBy: rows * columns)
      return Float((pixel * channels + channel) % 251)
    }
    #expect(image.tensor == expected)
  }
}
