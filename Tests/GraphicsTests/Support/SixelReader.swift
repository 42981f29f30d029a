import Graphics

/// A reader of sixel pictures, by the manual of the VT340.
struct SixelReader {
  private(set) var width = 0
  private(set) var height = 0
  private var palette: [Int: RGB] = [:]
  private var pixels: [Int: RGB] = [:]

  struct Broken: Error {}

  init(_ text: String) throws {
    let bytes = Array(text.utf8)
    guard bytes.starts(with: [27, UInt8(ascii: "P")]), bytes.suffix(2) == [27, 92],
      let start = bytes.firstIndex(of: UInt8(ascii: "q"))
    else { throw Broken() }
    var position = start + 1
    func numbers() -> [Int] {
      var list: [Int] = [0]
      while position < bytes.count, bytes[position] == 59 || (48...57).contains(bytes[position]) {
        if bytes[position] == 59 {
          list.append(0)
        } else {
          list[list.count - 1] = list[list.count - 1] * 10 + Int(bytes[position]) - 48
        }
        position += 1
      }
      return list
    }
    var (x, y, color, times) = (0, 0, 0, 1)
    while position < bytes.count - 2 {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        let values = numbers()
        guard values.count == 4 else { throw Broken() }
        (width, height) = (values[2], values[3])
      case UInt8(ascii: "#"):
        let values = numbers()
        color = values[0]
        if values.count == 5 {
          let parts = values[2...].map { UInt8((Double($0) * 2.55).rounded()) }
          palette[color] = RGB(parts[0], parts[1], parts[2])
        }
      case UInt8(ascii: "!"): times = numbers()[0]
      case UInt8(ascii: "$"): x = 0
      case UInt8(ascii: "-"): (x, y) = (0, y + 6)
      case 63...126:
        for _ in 0..<times {
          for row in 0..<6 where (byte - 63) >> UInt8(row) & 1 == 1 {
            pixels[(y + row) * width + x] = palette[color]
          }
          x += 1
        }
        times = 1
      default: throw Broken()
      }
    }
  }

  func raster() throws -> Raster {
    let colors = try (0..<width * height).map { i -> RGB in
      guard let color = pixels[i] else { throw Broken() }
      return color
    }
    return try Raster(colors.flatMap { [$0.red, $0.green, $0.blue] }, width: width, height: height)
  }
}

/// The inverse of base64.
enum Base64Reader {
  static func decoded(_ text: String) -> [UInt8] {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    let order = Dictionary(uniqueKeysWithValues: letters.enumerated().map { ($1, $0) })
    var bytes: [UInt8] = []
    var (bits, count) = (0, 0)
    for value in text.compactMap({ order[$0] }) {
      bits = bits << 6 | value
      count += 6
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(bits >> count & 255))
      }
    }
    return bytes
  }
}
