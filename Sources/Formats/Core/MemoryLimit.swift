import CSupport
import TensorEngine

/// How much memory the reading of one file may take.
public struct MemoryLimit: Sendable, Equatable {
  /// In bytes.
  public let bytes: Int

  public init(bytes: Int) { self.bytes = bytes }

  /// Nine tenths of what the machine has left.
  public static var machine: MemoryLimit {
    let available = Int(clamping: dn_memory_available())
    return MemoryLimit(bytes: available > 0 ? available / 10 * 9 : Int.max)
  }

  /// - Throws: `FormatError` of kind `tooLarge` where `needed` bytes are more than the limit.
  func check(_ needed: Int, for path: String) throws {
    guard needed > bytes || needed == Int.max else { return }
    throw FormatError(
      .tooLarge,
      "\"\(path)\" needs \(ByteCount(needed)) of memory; \(ByteCount(bytes)) may be used",
      hint: "load a part of it with crop=, or use a machine with more memory")
  }

  /// Checks room for a single-precision array, its size included.
  ///
  /// - Returns: The number of elements.
  /// - Throws: `FormatError` where a size is negative, or the array does not fit.
  @discardableResult
  func check(shape: [Int], for path: String) throws -> Int {
    guard shape.allSatisfy({ $0 >= 0 }) else {
      throw FormatError.damaged(path, "no array can have the shape \(shape.asShape)")
    }
    // A product beyond 64 bits is beyond any memory too.
    let bytes = (shape + [MemoryLayout<Float>.size]).checkedProduct ?? Int.max
    try check(bytes, for: path)
    let count = bytes / MemoryLayout<Float>.size
    return count
  }
}

/// A number of bytes as people write it: `1.5 GB`.
struct ByteCount: CustomStringConvertible {
  let bytes: Int

  init(_ bytes: Int) { self.bytes = bytes }

  var description: String {
    let units = ["bytes", "kB", "MB", "GB", "TB", "PB", "EB"]
    var (value, unit) = (Double(bytes), 0)
    while value >= 999.5, unit + 1 < units.count {
      value /= 1000
      unit += 1
    }
    let tenths = (value * 10).rounded() / 10
    let text = unit == 0 || value >= 99.95 ? "\(Int(value.rounded()))" : "\(tenths)"
    return "\(text.hasSuffix(".0") ? String(text.dropLast(2)) : text) \(units[unit])"
  }
}
