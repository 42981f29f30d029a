import Lang

/// The letters of all axes, as options take them: `axis=x`.
enum AxisLetter: String, Choice {
  case s, t, c, z, y, x

  var letter: Character { Character(rawValue.uppercased()) }
}

extension Either where A == AxisLetter, B == [AxisLetter] {
  /// The axes, be it one or several.
  var letters: [Character] {
    switch self {
    case .first(let axis): [axis.letter]
    case .second(let axes): axes.map(\.letter)
    }
  }
}

extension Either where A == Int, B == [Int] {
  /// The numbers, be it one for all axes or one each.
  var numbers: [Int] {
    switch self {
    case .first(let number): [number]
    case .second(let numbers): numbers
    }
  }
}
