/// Dots in letters: each letter of braille holds two columns and four rows of dots.
struct BrailleCanvas {
  let columns: Int
  let rows: Int
  private var dots: [UInt8]
  /// Which series drew last in each letter.
  private var owners: [Int?]

  init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
    dots = [UInt8](repeating: 0, count: columns * rows)
    owners = [Int?](repeating: nil, count: columns * rows)
  }

  var width: Int { columns * 2 }
  var height: Int { rows * 4 }

  /// Bits of the dots in a letter, by column and row (Unicode 2800–28FF).
  private static let bits: [[UInt8]] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]]

  mutating func set(_ x: Int, _ y: Int, owner: Int) {
    guard (0..<width).contains(x), (0..<height).contains(y) else { return }
    let cell = y / 4 * columns + x / 2
    dots[cell] |= BrailleCanvas.bits[x % 2][y % 4]
    owners[cell] = owner
  }

  mutating func line(from a: (x: Double, y: Double), to b: (x: Double, y: Double), owner: Int) {
    let longest = max(abs(b.x - a.x), abs(b.y - a.y))
    let steps = max(1, min(width + height, Int(longest.rounded(.up))))
    for step in 0...steps {
      let t = Double(step) / Double(steps)
      set(
        Int((a.x + (b.x - a.x) * t).rounded()), Int((a.y + (b.y - a.y) * t).rounded()),
        owner: owner)
    }
  }

  /// A letter and who drew it; nil where it is empty.
  func letter(column: Int, row: Int) -> (letter: Character, owner: Int)? {
    let cell = row * columns + column
    guard dots[cell] != 0, let owner = owners[cell],
      let scalar = Unicode.Scalar(0x2800 + UInt32(dots[cell]))
    else { return nil }
    return (Character(scalar), owner)
  }
}
