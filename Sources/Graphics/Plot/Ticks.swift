/// Where an axis is marked, and with what text.
public struct Ticks: Sendable, Equatable {
  public struct Tick: Sendable, Equatable {
    public let value: Double
    public let label: String
  }

  public let major: [Tick]
  /// Unlabelled marks between the decades of a logarithmic axis.
  public let minor: [Double]
  /// Exponent of a power of ten that all labels leave out; 0 where none is.
  public let exponent: Int

  /// Round marks within a range: steps of 1, 2 or 5 times a power of ten.
  ///
  /// - Parameters:
  ///   - low: lower end of the range, finite.
  ///   - high: upper end, above `low`.
  ///   - about: how many are wanted; the count is near it.
  public static func linear(from low: Double, to high: Double, about: Int = 5) -> Ticks {
    guard low.isFinite, high.isFinite, high > low else {
      return Ticks(major: [], minor: [], exponent: 0)
    }
    let step = roundStep((high - low) / Double(max(1, about)))
    let first = (low / step - 1e-9).rounded(.up)
    let last = (high / step + 1e-9).rounded(.down)
    guard step > 0, last >= first, last - first < 1000 else {
      return Ticks(major: [], minor: [], exponent: 0)
    }
    let values = stride(from: first, through: last, by: 1).map { $0 == 0 ? 0 : $0 * step }
    let largest = values.map(abs).max() ?? 0
    let size = Decade.exponent(of: largest)
    let exponent = largest > 0 && (size >= 5 || size <= -4) ? size : 0
    let unit = Decade.power(exponent)
    let digits = decimals(of: step / unit)
    let major = values.map { value in
      Tick(value: value, label: NumberText.typographic(NumberText.fixed(value / unit, digits)))
    }
    return Ticks(major: major, minor: [], exponent: exponent)
  }

  /// Marks at powers of ten with unlabelled marks between; where the range holds fewer than two
  /// powers, at round numbers.
  ///
  /// - Parameters:
  ///   - low: lower end of the range, above 0.
  ///   - high: upper end, above `low`.
  public static func logarithmic(from low: Double, to high: Double, about: Int = 5) -> Ticks {
    guard low > 0, high.isFinite, high > low else {
      return Ticks(major: [], minor: [], exponent: 0)
    }
    let bottom = Decade.exponent(of: low)
    let top = Decade.exponent(of: high)
    let inside = { (value: Double) in value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9) }
    let decades = (bottom...top + 1).filter { inside(Decade.power($0)) }
    if decades.count < 2 { return fewDecades(bottom, top, inside, low, high, about) }
    let every = max(1, Int((Double(decades.count) / Double(max(2, about))).rounded(.up)))
    let major = decades.filter { ($0 - decades[0]) % every == 0 }.map {
      Tick(value: Decade.power($0), label: decadeLabel($0))
    }
    let minor =
      every == 1
      ? (bottom...top).flatMap { power in (2...9).map { Double($0) * Decade.power(power) } }
        .filter(inside)
      : decades.map(Decade.power).filter { value in !major.contains { $0.value == value } }
    return Ticks(major: major, minor: minor, exponent: 0)
  }

  /// A range of less than two decades: labels at 1, 2 and 5, or evenly where that is too few.
  private static func fewDecades(
    _ bottom: Int, _ top: Int, _ inside: (Double) -> Bool, _ low: Double, _ high: Double,
    _ about: Int
  ) -> Ticks {
    let round = (bottom...top).flatMap { power in [1.0, 2, 5].map { $0 * Decade.power(power) } }
      .filter(inside)
    guard round.count >= 3 else { return linear(from: low, to: high, about: about) }
    let minor = (bottom...top).flatMap { power in
      (1...9).map { Double($0) * Decade.power(power) }
    }.filter { value in inside(value) && !round.contains(value) }
    return Ticks(
      major: round.map { Tick(value: $0, label: NumberText.general($0)) }, minor: minor,
      exponent: 0)
  }

  /// 0.01 to 1000 in digits, others as powers.
  private static func decadeLabel(_ exponent: Int) -> String {
    (-2...3).contains(exponent)
      ? NumberText.general(Decade.power(exponent)) : "10" + NumberText.superscript(exponent)
  }

  /// Of 1, 2 and 5 times the powers of ten, the one nearest to `step` as a ratio.
  static func roundStep(_ step: Double) -> Double {
    guard step > 0, step.isFinite else { return 1 }
    let unit = Decade.power(Decade.exponent(of: step))
    func ratio(_ factor: Double) -> Double { max(factor * unit / step, step / (factor * unit)) }
    let factor = [1.0, 2, 5, 10].min { ratio($0) < ratio($1) } ?? 1
    return factor * unit
  }

  /// Digits after the point that a multiple of `step` needs.
  private static func decimals(of step: Double) -> Int {
    var digits = 0
    var scaled = step
    while digits < 12, abs(scaled - scaled.rounded()) > 1e-6 * max(1, scaled) {
      scaled *= 10
      digits += 1
    }
    return digits
  }
}
