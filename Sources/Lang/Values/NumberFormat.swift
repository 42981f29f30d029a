import Glibc

/// Numbers as text.
package enum NumberFormat {
  /// Up to 2^53 every whole number is a double.
  private static let exact = 1 << 53

  /// Whole numbers without a point, others in the shortest form of at most 6 significant digits.
  package static func short(_ number: Double) -> String {
    if let whole = Int(exactly: number), abs(whole) <= exact { return String(whole) }
    if number.isNaN { return "nan" }
    if number.isInfinite { return number < 0 ? "-inf" : "inf" }
    return formatted(number, conversion: "g", precision: 6)
  }

  /// As C's `printf` writes it: conversion `e`, `f` or `g`, upper or lower case.
  package static func formatted(_ number: Double, conversion: Character, precision: Int) -> String {
    // 400 digits hold the largest double; precision is limited by the caller's check.
    var buffer = [CChar](repeating: 0, count: 512 + max(0, precision))
    let count = withVaList([Int32(clamping: precision), number]) {
      vsnprintf(&buffer, buffer.count, "%.*\(conversion)", $0)
    }
    let bytes = buffer.prefix(max(0, min(Int(count), buffer.count - 1)))
    return String(decoding: bytes.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
