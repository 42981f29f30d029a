/// A PNG read by other code than wrote it: inflate (RFC 1951) and the five row filters, for files
/// without interlacing.
struct PNGReader {
  let width: Int
  let height: Int
  let bits: Int
  let channels: Int
  /// Samples row by row, channels interleaved.
  let samples: [Int]
  /// Names of the chunks in their order.
  let chunks: [String]

  struct Broken: Error {}

  init(_ bytes: [UInt8]) throws {
    guard bytes.starts(with: [137, 80, 78, 71, 13, 10, 26, 10]) else { throw Broken() }
    var position = 8
    var names: [String] = []
    var header: [UInt8] = []
    var packed: [UInt8] = []
    while position + 12 <= bytes.count {
      let length = bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
      let name = String(decoding: bytes[position + 4..<position + 8], as: UTF8.self)
      let data = Array(bytes[position + 8..<position + 8 + length])
      if name == "IHDR" { header = data }
      if name == "IDAT" { packed += data }
      names.append(name)
      position += 12 + length
    }
    chunks = names
    width = header[0..<4].reduce(0) { $0 << 8 | Int($1) }
    height = header[4..<8].reduce(0) { $0 << 8 | Int($1) }
    bits = Int(header[8])
    channels = header[9] == 2 ? 3 : 1
    guard header[9] == 0 || header[9] == 2, header[12] == 0 else { throw Broken() }
    var inflate = Inflate(Array(packed.dropFirst(2)))
    let step = channels * bits / 8
    let rows = try PNGReader.unfiltered(
      inflate.all(), rowBytes: width * step, rows: height, step: step)
    samples =
      bits == 8
      ? rows.map(Int.init)
      : stride(from: 0, to: rows.count, by: 2).map { Int(rows[$0]) << 8 | Int(rows[$0 + 1]) }
  }

  private static func unfiltered(
    _ data: [UInt8], rowBytes: Int, rows: Int, step: Int
  ) throws -> [UInt8] {
    guard data.count == (rowBytes + 1) * rows else { throw Broken() }
    var result = [UInt8](repeating: 0, count: rowBytes * rows)
    for row in 0..<rows {
      let filter = data[row * (rowBytes + 1)]
      for i in 0..<rowBytes {
        let here = row * rowBytes + i
        let left = i >= step ? Int(result[here - step]) : 0
        let up = row > 0 ? Int(result[here - rowBytes]) : 0
        let corner = row > 0 && i >= step ? Int(result[here - rowBytes - step]) : 0
        let guess: Int
        switch filter {
        case 0: guess = 0
        case 1: guess = left
        case 2: guess = up
        case 3: guess = (left + up) / 2
        case 4:
          let p = left + up - corner
          let (a, b, c) = (abs(p - left), abs(p - up), abs(p - corner))
          guess = a <= b && a <= c ? left : b <= c ? up : corner
        default: throw Broken()
        }
        result[here] = UInt8(truncatingIfNeeded: Int(data[row * (rowBytes + 1) + 1 + i]) + guess)
      }
    }
    return result
  }
}

/// Decompression of a deflate stream, bit by bit.
private struct Inflate {
  private let bytes: [UInt8]
  private var position = 0
  private var out: [UInt8] = []

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  private mutating func bit() throws -> Int {
    guard position / 8 < bytes.count else { throw PNGReader.Broken() }
    defer { position += 1 }
    return Int(bytes[position / 8] >> UInt8(position % 8)) & 1
  }

  private mutating func number(_ count: Int) throws -> Int {
    try (0..<count).reduce(0) { sum, i in try sum | bit() << i }
  }

  mutating func all() throws -> [UInt8] {
    var last = false
    while !last {
      last = try bit() == 1
      switch try number(2) {
      case 0:
        position = (position + 7) / 8 * 8
        let length = try number(16)
        _ = try number(16)
        for _ in 0..<length { out.append(UInt8(try number(8))) }
      case 1:
        let lengths = (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 }
        try block(Huffman(lengths), Huffman([Int](repeating: 5, count: 30)))
      case 2: try dynamicBlock()
      default: throw PNGReader.Broken()
      }
    }
    return out
  }

  private mutating func dynamicBlock() throws {
    let literals = try number(5) + 257
    let distances = try number(5) + 1
    let codes = try number(4) + 4
    let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
    var small = [Int](repeating: 0, count: 19)
    for i in 0..<codes { small[order[i]] = try number(3) }
    let first = Huffman(small)
    var lengths: [Int] = []
    while lengths.count < literals + distances {
      let code = try symbol(first)
      switch code {
      case 16: lengths += [Int](repeating: lengths.last ?? 0, count: try number(2) + 3)
      case 17: lengths += [Int](repeating: 0, count: try number(3) + 3)
      case 18: lengths += [Int](repeating: 0, count: try number(7) + 11)
      default: lengths.append(code)
      }
    }
    try block(
      Huffman(Array(lengths[..<literals])), Huffman(Array(lengths[literals...])))
  }

  private mutating func block(_ literals: Huffman, _ distances: Huffman) throws {
    let lengthBase = [
      3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115,
      131, 163, 195, 227, 258,
    ]
    while true {
      let code = try symbol(literals)
      if code == 256 { return }
      if code < 256 {
        out.append(UInt8(code))
        continue
      }
      let extra = code < 265 || code == 285 ? 0 : (code - 261) / 4
      let length = lengthBase[code - 257] + (try number(extra))
      let far = try symbol(distances)
      let more = far < 4 ? 0 : far / 2 - 1
      let distance = (far < 4 ? far : (2 + far % 2) << more) + 1 + (try number(more))
      guard distance <= out.count else { throw PNGReader.Broken() }
      for _ in 0..<length { out.append(out[out.count - distance]) }
    }
  }

  private mutating func symbol(_ tree: Huffman) throws -> Int {
    var code = 0
    for length in 1...15 {
      code = code << 1 | (try bit())
      if let found = tree.symbols[length << 16 | code] { return found }
    }
    throw PNGReader.Broken()
  }
}

/// Canonical codes: symbols by length and code.
private struct Huffman {
  var symbols: [Int: Int] = [:]

  init(_ lengths: [Int]) {
    var code = 0
    for length in 1...15 {
      for (symbol, own) in lengths.enumerated() where own == length {
        symbols[length << 16 | code] = symbol
        code += 1
      }
      code <<= 1
    }
  }
}
