/// A scale bar: a round length that takes about a fifth of a picture's width.
public struct ScaleBar: Sendable, Equatable {
  /// Length in columns of the picture.
  public let columns: Double
  /// The length with its unit, such as `50 nm`.
  public let label: String

  /// - Parameters:
  ///   - spacing: size of a column, in `unit`.
  ///   - unit: `A`, `nm`, `um`, `mm`; others are written as they are.
  ///   - width: columns of the picture.
  /// - Returns: nil where the spacing is no positive number.
  public init?(spacing: Double, unit: String?, width: Int) {
    guard spacing > 0, spacing.isFinite, width > 0 else { return nil }
    let longest = spacing * Double(width) * 0.3
    guard let length = ScaleBar.roundLength(below: longest) else { return nil }
    columns = length / spacing
    label = ScaleBar.text(length, unit: unit)
  }

  /// The largest of 1, 2 or 5 times a power of ten that is not above `limit`.
  public static func roundLength(below limit: Double) -> Double? {
    guard limit > 0, limit.isFinite else { return nil }
    var exponent = 0
    while Decade.power(exponent + 1) <= limit { exponent += 1 }
    while Decade.power(exponent) > limit {
      exponent -= 1
      if exponent < -300 { return nil }
    }
    let factor = [5.0, 2, 1].first { $0 * Decade.power(exponent) <= limit * (1 + 1e-12) } ?? 1
    return factor * Decade.power(exponent)
  }

  /// A length in the unit in which it is a plain number: 500 A is 50 nm, 0.5 um is 500 nm.
  static func text(_ length: Double, unit: String?) -> String {
    let ladder: [(name: String, metres: Int)] = [
      ("Å", -10), ("nm", -9), ("µm", -6), ("mm", -3), ("m", 0),
    ]
    guard let name = unit.flatMap(UnitSymbol.known),
      let here = ladder.firstIndex(where: { $0.name == name })
    else {
      return [NumberText.general(length), unit ?? "px"].joined(separator: " ")
    }
    // Ångström serve up to 20 nm, as in structural biology; then nanometres and up by thousands.
    var step = here
    var value = length
    func move(to next: Int) {
      value *= Decade.power(ladder[step].metres - ladder[next].metres)
      step = next
    }
    while step + 1 < ladder.count, value * (1 + 1e-9) >= (step == 0 ? 200 : 1000) {
      move(to: step + 1)
    }
    while step > 0, value < 1 - 1e-9 { move(to: step - 1) }
    return "\(NumberText.general(value)) \(ladder[step].name)"
  }
}

/// Powers of ten.
enum Decade {
  /// Ten to a whole exponent, correctly rounded from -22 to 22.
  static func power(_ exponent: Int) -> Double {
    var value = 1.0
    for _ in 0..<min(abs(exponent), 330) { value *= 10 }
    return exponent < 0 ? 1 / value : value
  }

  /// The exponent of a positive number's leading digit.
  static func exponent(of value: Double) -> Int {
    guard value > 0, value.isFinite else { return 0 }
    var exponent = 0
    while exponent < 330, power(exponent + 1) <= value { exponent += 1 }
    while exponent > -330, power(exponent) > value { exponent -= 1 }
    return exponent
  }
}
