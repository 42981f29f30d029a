import Lang

/// Numbers in the texts of commands, as the language prints them.
enum NumberText {
  /// With so many digits behind the point.
  static func fixed(_ number: Double, _ digits: Int) -> String {
    guard number.isFinite, abs(number) < 1e15 else { return short(number) }
    let scale = (0..<digits).reduce(1.0) { total, _ in total * 10 }
    let whole = Int((abs(number) * scale).rounded())
    let (units, rest) = whole.quotientAndRemainder(dividingBy: Int(scale))
    let fraction = String(rest + Int(scale)).dropFirst()
    return (number < 0 && whole > 0 ? "-" : "") + "\(units)" + (digits > 0 ? ".\(fraction)" : "")
  }

  static func short(_ number: Double) -> String { Show.inline(.number(number)) }
}
