import Glibc

/// Numbers as text, without Foundation.
enum NumberText {
  /// A number with `digits` digits after the point, as C's `%.*f`.
  static func fixed(_ value: Double, _ digits: Int) -> String {
    formatted("%.\(max(0, min(digits, 17)))f", value)
  }

  /// A number with at most `digits` significant digits, as C's `%.*g`.
  static func general(_ value: Double, _ digits: Int = 6) -> String {
    formatted("%.\(max(1, min(digits, 17)))g", value)
  }

  /// The same with a true minus sign, for figures.
  static func typographic(_ text: String) -> String {
    text.hasPrefix("-") ? "\u{2212}" + text.dropFirst() : text
  }

  /// A whole number in superscript digits.
  static func superscript(_ value: Int) -> String {
    let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    return String(String(value).map { $0.wholeNumberValue.map { digits[$0] } ?? "⁻" })
  }

  private static func formatted(_ format: String, _ value: Double) -> String {
    withVaList([value]) { arguments in
      withUnsafeTemporaryAllocation(of: CChar.self, capacity: 400) { buffer in
        let count = vsnprintf(buffer.baseAddress, buffer.count, format, arguments)
        let bytes = buffer.prefix(max(0, min(Int(count), buffer.count - 1)))
        return String(decoding: bytes.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      }
    }
  }
}
