import Lang

/// Numbers in the texts of commands, as the language prints them.
enum NumberText {
  static func short(_ number: Double) -> String { Show.inline(.number(number)) }
}
