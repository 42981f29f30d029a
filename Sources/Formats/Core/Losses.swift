/// What was lost when numbers were stored in a narrower type.
public struct Losses: Sendable, Equatable {
  /// Values outside the type's range, set to its nearest end.
  public var clipped = 0
  /// Values that were not a number, set to 0 in an integer type.
  public var notNumbers = 0

  public init() {}

  /// The nearest whole number (ties to even) within a range.
  @inline(__always)
  mutating func whole<Raw: FixedWidthInteger>(_ value: Float, in range: ClosedRange<Float>) -> Raw {
    let rounded = value.rounded(.toNearestOrEven)
    if rounded >= range.lowerBound, rounded < range.upperBound { return Raw(rounded) }
    if rounded.isNaN {
      notNumbers += 1
      return 0
    }
    if rounded < range.lowerBound {
      clipped += 1
      return Raw(range.lowerBound)
    }
    // The upper end of 32 and 64 bits is not a single-precision number: its neighbour above is.
    let top = Raw(exactly: range.upperBound)
    if rounded > range.upperBound || top == nil { clipped += 1 }
    return top ?? Raw.max
  }

  /// Half precision, clipped to its largest finite number.
  @inline(__always)
  mutating func half(_ value: Float) -> Float16 {
    let half = Float16(value)
    if half.isInfinite, value.isFinite {
      clipped += 1
      return value > 0 ? .greatestFiniteMagnitude : -.greatestFiniteMagnitude
    }
    return half
  }
}
