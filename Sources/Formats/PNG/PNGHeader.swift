import CZlib

/// What a PNG file says before its pixels, by the chunks of the PNG specification (W3C, 2003).
struct PNGHeader {
  static let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

  enum Colour: UInt8 {
    case grey = 0
    case rgb = 2
    case palette = 3
    case greyAlpha = 4
    case rgba = 6
  }

  let width: Int
  let height: Int
  /// Bits of a sample, or of an index into the palette.
  let depth: Int
  let colour: Colour
  /// The payload of the chunk tRNS: alpha of palette entries, or the one transparent colour.
  private(set) var transparency: [UInt8]?
  /// Text chunks by keyword.
  private(set) var texts: [String: String] = [:]

  /// - Throws: `FormatError` of kind `damaged` where the header is wrong.
  init(_ source: ByteSource) throws {
    let first = try Chunk(source, at: 8)
    guard first.name == "IHDR", first.length == 13 else {
      throw FormatError.damaged(source.path, "a PNG starts with IHDR, this file with \(first.name)")
    }
    let body = try first.payload(source)
    width = Int(bigEndian: body[0..<4])
    height = Int(bigEndian: body[4..<8])
    depth = Int(body[8])
    guard let colour = Colour(rawValue: body[9]), colour.depths.contains(depth), width > 0,
      height > 0, width < 1 << 31, height < 1 << 31
    else {
      throw FormatError.damaged(
        source.path, "its header says \(width)x\(height), \(depth) bits, colour type \(body[9])")
    }
    self.colour = colour
    var chunk = first
    while chunk.name != "IDAT", chunk.name != "IEND" {
      chunk = try Chunk(source, at: chunk.end)
      switch chunk.name {
      case "tRNS": transparency = try chunk.payload(source)
      case "tEXt", "iTXt": addText(chunk, try chunk.payload(source))
      default: break
      }
    }
  }

  /// Channels of the unpacked picture without one for a single transparent colour.
  var channels: Int {
    switch colour {
    case .grey: 1
    case .greyAlpha: 2
    case .rgb: 3
    case .palette: transparency == nil ? 3 : 4
    case .rgba: 4
    }
  }

  /// Bytes of an unpacked sample.
  var sampleSize: Int { depth == 16 ? 2 : 1 }

  /// The one transparent colour, a sample for each channel; nil where there is none.
  var transparentColour: [Float]? {
    guard let transparency, colour == .grey || colour == .rgb,
      transparency.count == 2 * channels
    else { return nil }
    return (0..<channels).map { Float(Int(bigEndian: transparency[(2 * $0)..<(2 * $0 + 2)])) }
  }

  private mutating func addText(_ chunk: Chunk, _ payload: [UInt8]) {
    let parts = payload.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else { return }
    let keyword = String(decoding: parts[0], as: UTF8.self)
    if chunk.name == "tEXt" {
      // Latin-1: every byte is the code point of that number.
      texts[keyword] = String(String.UnicodeScalarView(parts[1].map { Unicode.Scalar($0) }))
    } else if parts[1].first == 0 {
      // Not compressed; language and translated keyword come before the text.
      let rest = parts[1].dropFirst(2).split(
        separator: 0, maxSplits: 2, omittingEmptySubsequences: false)
      if rest.count == 3 { texts[keyword] = String(decoding: rest[2], as: UTF8.self) }
    }
  }

  /// A length, a name, a payload and a checksum.
  private struct Chunk {
    let name: String
    let length: Int
    let position: Int
    var end: Int { position + length + 12 }

    init(_ source: ByteSource, at position: Int) throws {
      let head = try source.bytes(at: position, count: 8)
      length = Int(bigEndian: head[0..<4])
      name = String(decoding: head[4..<8], as: UTF8.self)
      self.position = position
      guard length < 1 << 31 else {
        throw FormatError.damaged(source.path, "its chunk \(name) has an impossible length")
      }
    }

    func payload(_ source: ByteSource) throws -> [UInt8] {
      guard length <= 1 << 24 else {
        throw FormatError.damaged(source.path, "its chunk \(name) has \(ByteCount(length))")
      }
      let bytes = try source.bytes(at: position + 4, count: length + 8)
      let checksum = Int(bigEndian: bytes[(length + 4)...])
      guard crc32(0, bytes, UInt32(length + 4)) == UInt(checksum) else {
        throw FormatError.damaged(source.path, "the checksum of its chunk \(name) is wrong")
      }
      return Array(bytes[4..<(length + 4)])
    }
  }
}

extension PNGHeader.Colour {
  /// Bit depths that the specification allows.
  fileprivate var depths: [Int] {
    switch self {
    case .grey: [1, 2, 4, 8, 16]
    case .palette: [1, 2, 4, 8]
    case .rgb, .greyAlpha, .rgba: [8, 16]
    }
  }
}

extension Int {
  /// A number whose most significant byte comes first.
  init(bigEndian bytes: ArraySlice<UInt8>) { self = bytes.reduce(0) { $0 << 8 | Int($1) } }
}
