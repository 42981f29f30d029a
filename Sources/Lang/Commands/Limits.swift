/// The numbers that an argument may be: `in: 1...`, `in: 0...1`, `in: 0..<1`.
public struct Limits: Sendable, Equatable {
  let lowest: Double
  let highest: Double
  /// Whether `highest` itself is outside.
  let isOpen: Bool

  func contains(_ number: Double) -> Bool {
    number >= lowest && (isOpen ? number < highest : number <= highest)
  }

  /// As a sentence needs it: `at least 1`, `from 0 to 1`, `below 8`.
  var description: String {
    let low = NumberFormat.short(lowest)
    let high = NumberFormat.short(highest)
    if highest == .infinity { return "at least \(low)" }
    if lowest == -.infinity { return isOpen ? "below \(high)" : "at most \(high)" }
    return isOpen ? "from \(low) to below \(high)" : "from \(low) to \(high)"
  }
}

/// Swift ranges that can be limits.
public protocol LimitRange {
  var limits: Limits { get }
}

/// Numbers that can bound limits: `Int` and `Double`.
public protocol LimitBound: Comparable {
  var bound: Double { get }
}
extension Int: LimitBound { public var bound: Double { Double(self) } }
extension Double: LimitBound { public var bound: Double { self } }

extension ClosedRange: LimitRange where Bound: LimitBound {
  public var limits: Limits {
    Limits(lowest: lowerBound.bound, highest: upperBound.bound, isOpen: false)
  }
}
extension Range: LimitRange where Bound: LimitBound {
  public var limits: Limits {
    Limits(lowest: lowerBound.bound, highest: upperBound.bound, isOpen: true)
  }
}
extension PartialRangeFrom: LimitRange where Bound: LimitBound {
  public var limits: Limits {
    Limits(lowest: lowerBound.bound, highest: .infinity, isOpen: false)
  }
}
extension PartialRangeThrough: LimitRange where Bound: LimitBound {
  public var limits: Limits {
    Limits(lowest: -.infinity, highest: upperBound.bound, isOpen: false)
  }
}
extension PartialRangeUpTo: LimitRange where Bound: LimitBound {
  public var limits: Limits {
    Limits(lowest: -.infinity, highest: upperBound.bound, isOpen: true)
  }
}
