/// Puts Cairo's SVG into a form that depends on the drawing alone.
///
/// Cairo numbers surfaces by a counter of the whole process, so the same figure drawn twice would
/// differ in its identifiers; here they are numbered anew in the order in which they appear.
enum SVGText {
  static func normalized(_ text: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    var numbers: [[UInt8]: Int] = [:]
    var position = 0
    while position < text.count {
      if let word = counted.first(where: { begins($0, text, at: position) }) {
        let start = position + word.count
        let digits = Array(text[start...].prefix { (48...57).contains($0) })
        let name = word.dropFirst() + digits
        let number = numbers[Array(name)] ?? numbers.count
        numbers[Array(name)] = number
        result += word
        result += Array(String(number).utf8)
        position = start + digits.count
      } else {
        result.append(text[position])
        position += 1
      }
    }
    return result
  }

  /// Where an identifier with a process-wide number is made or used.
  private static let counted = ["\"surface", "#surface", "\"image", "#image"].map {
    Array($0.utf8)
  }

  private static func begins(_ word: [UInt8], _ text: [UInt8], at position: Int) -> Bool {
    guard text[position] == word[0], position + word.count < text.count else { return false }
    let end = position + word.count
    return text[position..<end].elementsEqual(word) && (48...57).contains(text[end])
  }
}
