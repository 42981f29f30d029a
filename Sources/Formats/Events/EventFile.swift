/// Curves as TensorBoard reads them: records of protocol buffers with checksums.
///
/// The records are those of TensorFlow's `record_writer`, the messages `Event` and `Summary` of
/// `tensorflow/core`; only plain numbers are written.
package final class EventFile {
  private let file: AppendingFile

  /// Begins a file or goes on with one.
  ///
  /// - Parameter seconds: time since 1970, which TensorBoard shows.
  package init(_ path: String, at seconds: Double, fresh: Bool) throws {
    file = try AppendingFile(path, fresh: fresh)
    guard fresh else { return }
    var event = ProtocolBuffer()
    event.add(1, double: seconds)
    event.add(3, text: "brain.Event:2")
    try file.append(EventFile.record(event.bytes))
  }

  /// Numbers of one step under their names.
  package func append(_ values: [(name: String, value: Double)], step: Int, at seconds: Double)
    throws
  {
    var summary = ProtocolBuffer()
    for (name, value) in values {
      var entry = ProtocolBuffer()
      entry.add(1, text: name)
      entry.add(2, float: Float(value))
      summary.add(1, message: entry)
    }
    var event = ProtocolBuffer()
    event.add(1, double: seconds)
    event.add(2, whole: step)
    event.add(5, message: summary)
    try file.append(EventFile.record(event.bytes))
  }

  /// Length, its checksum, the bytes, their checksum.
  static func record(_ bytes: [UInt8]) -> [UInt8] {
    let length = little(UInt64(bytes.count))
    return length + little(CRC32C.masked(length)) + bytes + little(CRC32C.masked(bytes))
  }

  private static func little<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    (0..<Number.bitWidth / 8).map { UInt8(truncatingIfNeeded: number >> Number(8 * $0)) }
  }
}

/// A message of protocol buffers, field by field.
struct ProtocolBuffer {
  private(set) var bytes: [UInt8] = []

  mutating func add(_ field: Int, whole number: Int) {
    add(UInt64(field) << 3)
    add(UInt64(bitPattern: Int64(number)))
  }

  mutating func add(_ field: Int, double number: Double) {
    add(UInt64(field) << 3 | 1)
    for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: number.bitPattern >> (8 * shift))) }
  }

  mutating func add(_ field: Int, float number: Float) {
    add(UInt64(field) << 3 | 5)
    for shift in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: number.bitPattern >> (8 * shift))) }
  }

  mutating func add(_ field: Int, text: String) { add(field, Array(text.utf8)) }
  mutating func add(_ field: Int, message: ProtocolBuffer) { add(field, message.bytes) }

  private mutating func add(_ field: Int, _ content: [UInt8]) {
    add(UInt64(field) << 3 | 2)
    add(UInt64(content.count))
    bytes += content
  }

  /// Seven bits a byte, the lowest first.
  private mutating func add(_ number: UInt64) {
    var rest = number
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}

/// The checksum CRC-32C (Castagnoli).
enum CRC32C {
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { sum, _ in sum & 1 == 1 ? sum >> 1 ^ 0x82f6_3b78 : sum >> 1 }
  }

  static func sum(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { sum, byte in
      table[Int((sum ^ UInt32(byte)) & 0xff)] ^ sum >> 8
    }
  }

  /// Turned and moved, as TensorFlow stores it.
  static func masked(_ bytes: [UInt8]) -> UInt32 {
    let sum = sum(bytes)
    return (sum >> 15 | sum << 17) &+ 0xa282_ead8
  }
}
