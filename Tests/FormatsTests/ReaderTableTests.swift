import Formats
import Foundation
import TensorEngine
import Testing

/// Real files, held against what other programs read from them (`Tests/Tools/make_reader_table.py`).
@Suite struct ReaderTableTests {
  struct Row: Sendable, CustomStringConvertible {
    let file: String
    let axes: String
    let shape: String
    let type: String
    let checksum: String
    let voxel: [Double]
    let key: String?

    var description: String { file }

    static func all() throws -> [Row] {
      let table = "\(SharedData.checkout)/Tests/FormatsTests/Tables/readers.csv"
      let text = String(decoding: try Scratch.read(table), as: UTF8.self)
      return text.split(separator: "\n").dropFirst().map { line in
        let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        return Row(
          file: cells[0], axes: cells[1], shape: cells[2], type: cells[3], checksum: cells[4],
          voxel: cells[5].split(separator: " ").compactMap { Double($0) },
          key: cells[6].isEmpty ? nil : cells[6])
      }
    }
  }

  @Test(.enabled(if: SharedData.isThere)) func everyFileReadsAsElsewhere() throws {
    let rows = try Row.all()
    #expect(rows.count > 80)
    for row in rows {
      let image = try Formats.load(SharedData.path(row.file), LoadOptions(key: row.key)).image
      #expect(image.axes == row.axes, "\(row)")
      #expect(image.shape.asShape == row.shape, "\(row)")
      #expect(image.stored.rawValue == row.type, "\(row)")
      #expect(Checksum.of(image.tensor.values) == row.checksum, "\(row)")
      let voxel = image.voxel ?? []
      #expect(voxel.count == row.voxel.count, "\(row)")
      for (ours, theirs) in zip(voxel, row.voxel) {
        #expect(abs(ours - theirs) < 1e-3 * theirs, "\(row)")
      }
    }
  }

  @Test(.enabled(if: SharedData.isThere)) func blocksOfEveryFileEqualTheWhole() throws {
    for row in try Row.all() {
      let reader = try Formats.reader(SharedData.path(row.file), LoadOptions(key: row.key))
      let whole = try reader.read()
      let shape = reader.info.shape
      let ranges = shape.map { $0 > 4 ? ($0 / 3)..<($0 - 1) : 0..<$0 }
      let block = try reader.read(Region(ranges))
      #expect(block.shape == ranges.map(\.count), "\(row)")
      #expect(Checksum.of(block.tensor.values) == Checksum.of(whole, ranges), "\(row)")
    }
  }

  private static let refused: [String: FormatError.Kind] = [
    "pngsuite/corrupt/xcrn0g04.png": .unknown, "pngsuite/corrupt/xs1n0g01.png": .unknown,
    "odd/broken.png": .damaged, "odd/py3-objarr.npy": .unsupported,
    "odd/vlen_string_dset.h5": .unsupported,
    "odd/crash-0c7e0e8e11ce787078f00b5b0ca409a167f070e0.tif": .damaged, "README.md": .unknown,
  ]

  @Test(.enabled(if: SharedData.isThere)) func damagedFilesAreRefused() throws {
    for (file, kind) in Self.refused {
      let error = try failure { _ = try Formats.load(SharedData.path(file)) }
      #expect(error.kind == kind, "\(file): \(error)")
      #expect(error.hint != nil, "\(file)")
    }
  }

  @Test(.enabled(if: SharedData.isThere)) func noFileIsLeftOut() throws {
    let known = Set(try Row.all().map(\.file)).union(Self.refused.keys)
    let files = try #require(FileManager.default.enumerator(atPath: SharedData.folder))
    for case let file as String in files
    where files.fileAttributes?[.type] as? FileAttributeType == .typeRegular {
      #expect(known.contains(file), "\(file) is in no table")
    }
  }
}

/// CRC-32 (ISO 3309) of single-precision numbers in little-endian order.
enum Checksum {
  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in
      value & 1 == 1 ? 0xedb8_8320 ^ value >> 1 : value >> 1
    }
  }

  static func of(_ values: some Sequence<Float>) -> String {
    var sum = ~UInt32(0)
    for value in values {
      for shift in stride(from: UInt32(0), to: 32, by: 8) {
        let byte = UInt8(truncatingIfNeeded: value.bitPattern >> shift)
        sum = table[Int(UInt8(truncatingIfNeeded: sum) ^ byte)] ^ sum >> 8
      }
    }
    let digits = String(~sum, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }

  /// Of a block, cut out here by plain loops.
  static func of(_ image: Image, _ ranges: [Range<Int>]) -> String {
    let strides = image.tensor.strides
    var positions = [0]
    for (range, step) in zip(ranges, strides) {
      positions = positions.flatMap { position in range.map { position + $0 * step } }
    }
    return of(positions.map { image.tensor.values[$0] })
  }
}
