/// Several PNG pictures as one that moves: the first is what programs show that know nothing of it
/// (PNG specification, third edition, 2025: chunks `acTL`, `fcTL` and `fdAT`).
public enum AnimatedPNG {
  /// - Parameters:
  ///   - frames: PNG files of one size and type of pixel.
  ///   - seconds: How long each is shown; rounded to milliseconds.
  /// - Throws: `GraphicsError` where there are none, or they differ in size or type.
  public static func joined(_ frames: [[UInt8]], seconds: Double) throws -> [UInt8] {
    guard !frames.isEmpty else { throw GraphicsError("a film without pictures") }
    let milliseconds = UInt16(min(65_535, max(1, (seconds * 1000).rounded())))
    var film: [UInt8] = [137, 80, 78, 71, 13, 10, 26, 10]
    var header: [UInt8] = []
    var number: UInt32 = 0
    for (index, frame) in frames.enumerated() {
      let chunks = try chunks(of: frame)
      guard let first = chunks.first, first.type == "IHDR", first.data.count == 13 else {
        throw GraphicsError("a picture of the film is no PNG")
      }
      if index == 0 {
        header = first.data
        film += chunk("IHDR", header)
        film += chunk("acTL", words([UInt32(frames.count), 0]))
        for one in chunks where !["IHDR", "IDAT", "IEND"].contains(one.type) {
          film += chunk(one.type, one.data)
        }
      }
      guard first.data == header else {
        throw GraphicsError("the pictures of a film must have one size and type")
      }
      // Place and size of the frame, how long, and that it replaces what was there.
      film += chunk(
        "fcTL",
        words([number]) + header[0..<8] + words([0, 0])
          + [UInt8(milliseconds >> 8), UInt8(milliseconds & 255), 3, 232, 0, 0])
      number += 1
      for one in chunks where one.type == "IDAT" {
        if index == 0 {
          film += chunk("IDAT", one.data)
        } else {
          film += chunk("fdAT", words([number]) + one.data)
          number += 1
        }
      }
    }
    return film + chunk("IEND", [])
  }

  private static func chunks(of file: [UInt8]) throws -> [(type: String, data: [UInt8])] {
    var chunks: [(type: String, data: [UInt8])] = []
    var position = 8
    while position + 12 <= file.count {
      let length = file[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
      guard position + 12 + length <= file.count else { break }
      let type = String(decoding: file[position + 4..<position + 8], as: UTF8.self)
      chunks.append((type, Array(file[position + 8..<position + 8 + length])))
      position += 12 + length
    }
    return chunks
  }

  private static func words(_ values: [UInt32]) -> [UInt8] {
    values.flatMap { value in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) } }
  }

  private static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(type.utf8) + data
    return words([UInt32(data.count)]) + body + words([CyclicRedundancy.check(body)])
  }
}

/// The check sum of PNG and zip (ISO 3309).
enum CyclicRedundancy {
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in
      value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1
    }
  }

  static func check(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { sum, byte in table[Int((sum ^ UInt32(byte)) & 255)] ^ (sum >> 8) }
  }
}
