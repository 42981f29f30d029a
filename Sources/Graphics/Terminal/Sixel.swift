/// A picture as sixels (DEC VT340): bands of six rows, drawn colour by colour.
public enum Sixel {
  /// - Parameter raster: drawn pixel by pixel; up to 256 colours as they are, more dithered to 252.
  /// - Returns: the escape sequence, from `ESC P` to `ESC \`.
  public static func encoded(_ raster: Raster) -> String {
    let (palette, indices) = quantized(raster)
    var text = "\u{1b}P0;1;0q\"1;1;\(raster.width);\(raster.height)"
    for (register, color) in palette.enumerated() {
      text += "#\(register);2;\(percent(color.red));\(percent(color.green));\(percent(color.blue))"
    }
    for top in stride(from: 0, to: raster.height, by: 6) {
      text += band(indices, raster.width, top, min(6, raster.height - top))
    }
    return text + "\u{1b}\\"
  }

  private static func percent(_ part: UInt8) -> Int { (Int(part) * 100 + 127) / 255 }

  /// Six rows: a pass for each colour in them, `$` between passes, `-` at the end.
  private static func band(_ indices: [Int], _ width: Int, _ top: Int, _ rows: Int) -> String {
    var masks: [Int: [UInt8]] = [:]
    for row in 0..<rows {
      for column in 0..<width {
        let index = indices[(top + row) * width + column]
        masks[index, default: [UInt8](repeating: 0, count: width)][column] |= 1 << UInt8(row)
      }
    }
    let passes = masks.keys.sorted().map { "#\($0)" + runs(masks[$0] ?? []) }
    return passes.joined(separator: "$") + "-"
  }

  /// Sixels with repeats of four and more written as `!count`.
  private static func runs(_ masks: [UInt8]) -> String {
    var text: [UInt8] = []
    var column = 0
    while column < masks.count {
      let length = masks[column...].prefix { $0 == masks[column] }.count
      let letter = 63 + masks[column]
      if column + length == masks.count, masks[column] == 0 { break }
      if length > 3 {
        text += Array("!\(length)".utf8) + [letter]
      } else {
        text += [UInt8](repeating: letter, count: length)
      }
      column += length
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The picture's own colours where there are at most 256, else a cube of 6x7x6 with ordered
  /// dithering (Bayer, 4x4).
  private static func quantized(_ raster: Raster) -> (palette: [RGB], indices: [Int]) {
    var palette: [RGB] = []
    var known: [RGB: Int] = [:]
    var indices: [Int] = []
    indices.reserveCapacity(raster.width * raster.height)
    for row in 0..<raster.height {
      for column in 0..<raster.width {
        let color = raster[column, row]
        if known[color] == nil {
          if palette.count == 256 { return dithered(raster) }
          known[color] = palette.count
          palette.append(color)
        }
        indices.append(known[color] ?? 0)
      }
    }
    return (palette, indices)
  }

  private static func dithered(_ raster: Raster) -> (palette: [RGB], indices: [Int]) {
    let bayer = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5]
    func level(_ part: UInt8, _ steps: Int, _ threshold: Double) -> Int {
      min(steps, Int(Double(part) / 255 * Double(steps) + threshold))
    }
    func part(_ level: Int, _ steps: Int) -> UInt8 { UInt8(level * 255 / steps) }
    let palette = (0..<252).map { i in
      RGB(part(i / 42, 5), part(i / 6 % 7, 6), part(i % 6, 5))
    }
    let indices = (0..<raster.width * raster.height).map { i in
      let column = i % raster.width
      let row = i / raster.width
      let threshold = (Double(bayer[row % 4 * 4 + column % 4]) + 0.5) / 16
      let color = raster[column, row]
      return level(color.red, 5, threshold) * 42 + level(color.green, 6, threshold) * 6
        + level(color.blue, 5, threshold)
    }
    return (palette, indices)
  }
}
