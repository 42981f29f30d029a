/// Puts Cairo's SVG into a form that depends on the drawing alone, with pictures kept sharp.
///
/// Cairo numbers surfaces by a counter of the whole process, so the same figure drawn twice would
/// differ in its identifiers; here they are numbered anew in the order in which they appear. A
/// viewer that enlarges a picture is told to show its pixels instead of smoothing them away.
enum SVGText {
  static func normalized(_ text: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    var numbers: [[UInt8]: Int] = [:]
    var position = 0
    while position < text.count {
      let byte = text[position]
      if byte == image[0], stands(image, in: text, at: position) {
        result += image + sharp
        position += image.count
      } else if let word = counted.first(where: { stands($0, in: text, at: position) }) {
        let start = position + word.count
        let digits = text[start...].prefix { (48...57).contains($0) }
        let name = Array(word.dropFirst() + digits)
        let number = numbers[name] ?? numbers.count
        numbers[name] = number
        result += word + Array(String(number).utf8)
        position = start + digits.count
      } else {
        result.append(byte)
        position += 1
      }
    }
    return result
  }

  private static let image = Array("<image ".utf8)
  private static let sharp = Array("style=\"image-rendering:pixelated\" ".utf8)

  /// What stands before a number of the process's counter.
  private static let counted = ["\"surface", "#surface", "\"image", "#image"].map {
    Array($0.utf8)
  }

  private static func stands(_ word: [UInt8], in text: [UInt8], at position: Int) -> Bool {
    text[position] == word[0] && position + word.count <= text.count
      && text[position..<position + word.count].elementsEqual(word)
  }
}
