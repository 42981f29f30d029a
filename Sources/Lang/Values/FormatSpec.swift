/// How a value is written: the `.2f` of `{x:.2f}`, in Python's small language.
///
/// `[[fill]align][sign][0][width][,][.precision][type]` with `<`, `>`, `^` for the alignment and
/// `d`, `e`, `f`, `g`, `%`, `s` for the type.
struct FormatSpec: Equatable, Sendable {
  var fill: Character = " "
  var align: Character?
  var plus: Character?
  var width = 0
  var grouped = false
  var precision: Int?
  var type: Character?

  /// Widest field and most digits; more would only fill the memory.
  private static let largest = 1000

  /// nil where the text is no format.
  init?(_ text: String) {
    var rest = Array(text)[...]
    let aligns: Set<Character> = ["<", ">", "^"]
    if rest.count >= 2, aligns.contains(rest[rest.startIndex + 1]) {
      fill = rest.removeFirst()
      align = rest.removeFirst()
    } else if let first = rest.first, aligns.contains(first) {
      align = rest.removeFirst()
    }
    if let first = rest.first, "+- ".contains(first) { plus = rest.removeFirst() }
    if rest.first == "0" {
      rest.removeFirst()
      if align == nil { (fill, align) = ("0", "=") }
    }
    guard let width = FormatSpec.number(&rest) else { return nil }
    self.width = width
    if rest.first == "," {
      grouped = true
      rest.removeFirst()
    }
    if rest.first == "." {
      rest.removeFirst()
      guard rest.first?.isNumber == true, let digits = FormatSpec.number(&rest) else { return nil }
      precision = digits
    }
    if let last = rest.first, "defgEFGs%".contains(last) { type = rest.removeFirst() }
    guard rest.isEmpty else { return nil }
  }

  /// Digits at the beginning as a number, 0 where there are none; nil where it is too large.
  private static func number(_ rest: inout ArraySlice<Character>) -> Int? {
    let digits = rest.prefix { ("0"..."9").contains($0) }
    rest = rest.dropFirst(digits.count)
    guard !digits.isEmpty else { return 0 }
    return Int(String(digits)).flatMap { $0 <= largest ? $0 : nil }
  }

  /// The value, written so.
  ///
  /// - Throws: `LangError` where a format for numbers meets something else.
  func text(_ value: Value) throws -> String {
    let isText = type == "s" || (type == nil && value.asNumber == nil)
    if isText {
      var text = Show.bare(value)
      if let precision { text = String(text.prefix(precision)) }
      return padded(text, sign: "", defaultAlign: "<")
    }
    guard let number = value.asNumber else {
      throw LangError(
        "the format `\(type.map(String.init) ?? "")` writes numbers, not \(value.kindWithArticle)")
    }
    let sign =
      number.sign == .minus && !number.isNaN
      ? "-" : plus == "+" || plus == " " ? String(plus ?? "+") : ""
    return padded(digits(number.magnitude), sign: sign, defaultAlign: ">")
  }

  private func digits(_ number: Double) -> String {
    switch type {
    case "d": return group(NumberFormat.formatted(number, conversion: "f", precision: 0))
    case "%":
      return group(NumberFormat.formatted(number * 100, conversion: "f", precision: precision ?? 6))
        + "%"
    case .some(let type):
      return group(NumberFormat.formatted(number, conversion: type, precision: precision ?? 6))
    case nil:
      return group(
        precision.map { NumberFormat.formatted(number, conversion: "g", precision: $0) }
          ?? NumberFormat.short(number))
    }
  }

  /// Commas between thousands, where asked for.
  private func group(_ digits: String) -> String {
    guard grouped else { return digits }
    let whole = Array(digits.prefix { $0.isNumber })
    var result = ""
    for (index, digit) in whole.enumerated() {
      if index > 0, (whole.count - index) % 3 == 0 { result += "," }
      result.append(digit)
    }
    return result + digits.dropFirst(whole.count)
  }

  private func padded(_ body: String, sign: String, defaultAlign: Character) -> String {
    let missing = max(0, width - TextWidth.columns(sign + body))
    let padding = { (count: Int) in String(repeating: String(fill), count: count) }
    switch align ?? defaultAlign {
    case "<": return sign + body + padding(missing)
    case "^": return padding(missing / 2) + sign + body + padding(missing - missing / 2)
    case "=": return sign + padding(missing) + body
    default: return padding(missing) + sign + body
    }
  }
}
