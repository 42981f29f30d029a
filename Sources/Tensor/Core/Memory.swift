import CSupport

/// A block of numbers that stays where it is: zeroed, aligned to 64 bytes, huge pages where large.
final class Memory: @unchecked Sendable {
  let base: UnsafeMutablePointer<Float>
  let count: Int
  private let bytes: Int

  /// - Throws: `TensorError` where the system does not grant it.
  init(count: Int) throws {
    bytes = max(1, count) * MemoryLayout<Float>.stride
    try SystemMemory.check(bytes, for: "a block of memory")
    guard let block = dn_allocate(bytes) else {
      throw TensorError("\(ByteCount(bytes)) of memory were refused by the system")
    }
    base = block.bindMemory(to: Float.self, capacity: max(1, count))
    self.count = count
  }

  deinit { dn_release(base, bytes) }

  var values: [Float] { Array(UnsafeBufferPointer(start: base, count: count)) }
}

/// A number of bytes as people read it: `640 B`, `1.5 MB`, `2 GB` (decimal units).
public struct ByteCount: CustomStringConvertible, Sendable {
  public let bytes: Int
  public init(_ bytes: Int) { self.bytes = bytes }

  public var description: String {
    var value = Double(bytes)
    var unit = "B"
    for next in ["kB", "MB", "GB", "TB"] where value >= 1000 {
      value /= 1000
      unit = next
    }
    let tenths = (value * 10).rounded() / 10
    let text = unit == "B" || tenths >= 100 || tenths == tenths.rounded()
    return "\(text ? String(Int(value.rounded())) : String(tenths)) \(unit)"
  }
}

/// What the system says of this process's and the machine's memory, in bytes.
public enum SystemMemory {
  /// The most this process has held at once.
  public static var peakResident: Int { Int(clamping: dn_peak_resident()) }
  /// What can still be had without swapping.
  public static var available: Int { Int(clamping: dn_memory_available()) }

  /// Below this many bytes the system is not asked.
  private static let small = 1 << 28

  /// - Throws: `TensorError` where so much cannot be had: the system would grant it and end the
  ///   program when it is used.
  static func check(_ bytes: Int, for what: String) throws {
    guard bytes >= small else { return }
    let free = available
    guard free == 0 || bytes <= free else {
      throw TensorError("\(what) takes \(ByteCount(bytes)); \(ByteCount(free)) are free")
    }
  }
}
