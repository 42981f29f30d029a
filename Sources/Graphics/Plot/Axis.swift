/// One axis of a plot as the caller wants it.
public struct Axis: Sendable, Equatable {
  public enum Scale: String, Sendable, CaseIterable { case linear, log }

  /// What is measured, with its unit.
  public var label: String
  public var scale: Scale
  /// Ends of the axis; from the data where nil.
  public var range: ClosedRange<Double>?
  /// Texts at 0, 1, 2 … in the place of numbers, for bars and sweeps over names.
  public var categories: [String]?

  public init(
    _ label: String = "", scale: Scale = .linear, range: ClosedRange<Double>? = nil,
    categories: [String]? = nil
  ) {
    self.label = label
    self.scale = scale
    self.range = range
    self.categories = categories
  }
}

/// An axis fitted to its data: places of values, and ticks.
struct FittedAxis: Sendable {
  let scale: Axis.Scale
  let low: Double
  let high: Double
  private let categories: [String]?

  /// - Parameters:
  ///   - values: everything that is to be seen along the axis.
  ///   - margin: room beyond the data, as a share of their extent.
  ///   - zero: whether 0 must be in sight (bars stand on it).
  init(_ axis: Axis, values: [Double], margin: Double, zero: Bool = false) {
    scale = axis.scale
    categories = axis.categories
    let usable = values.filter { $0.isFinite && (axis.scale == .linear || $0 > 0) }
    if let range = axis.range, range.lowerBound < range.upperBound,
      axis.scale == .linear || range.lowerBound > 0
    {
      (low, high) = (range.lowerBound, range.upperBound)
    } else if let count = axis.categories?.count {
      (low, high) = (-0.6, max(0.4, Double(count) - 0.4))
    } else if let least = usable.min(), let most = usable.max() {
      (low, high) =
        axis.scale == .log
        ? FittedAxis.logEnds(least, most, margin)
        : FittedAxis.linearEnds(least, most, margin, zero)
    } else {
      (low, high) = axis.scale == .log ? (0.1, 1) : (0, 1)
    }
  }

  private static func linearEnds(
    _ least: Double, _ most: Double, _ margin: Double, _ zero: Bool
  ) -> (Double, Double) {
    let low = zero ? min(0, least) : least
    let high = zero ? max(0, most) : most
    guard high > low else {
      let half = low == 0 ? 1 : abs(low) * 0.1
      return (low - half, high + half)
    }
    let room = (high - low) * margin
    return (zero && low == 0 ? 0 : low - room, zero && high == 0 ? 0 : high + room)
  }

  private static func logEnds(
    _ least: Double, _ most: Double, _ margin: Double
  ) -> (Double, Double) {
    guard most > least else { return (least / 2, most * 2) }
    let room = Double.exp10((Double.log10(most) - Double.log10(least)) * margin)
    return (least / room, most * room)
  }

  /// Where a value lies, 0 at the low end and 1 at the high one; nil where it cannot be shown.
  func place(_ value: Double) -> Double? {
    guard value.isFinite else { return nil }
    switch scale {
    case .linear: return (value - low) / (high - low)
    case .log:
      guard value > 0 else { return nil }
      let start = Double.log10(low)
      return (Double.log10(value) - start) / (Double.log10(high) - start)
    }
  }

  func ticks(about: Int) -> Ticks {
    if let categories {
      let major = categories.enumerated().map { Ticks.Tick(value: Double($0), label: $1) }
      return Ticks(major: major, minor: [], exponent: 0)
    }
    return scale == .log
      ? Ticks.logarithmic(from: low, to: high, about: about)
      : Ticks.linear(from: low, to: high, about: about)
  }
}
