/// The first bytes of a file, unpacked, by which its format is told.
public struct FileHead: Sendable {
  /// How many bytes are looked at.
  static let length = 65_544

  public let bytes: [UInt8]
  /// Length of the content; nil where the file is packed.
  public let size: Int?
  /// The ending that names a format, in lower case: a hint for formats without a mark of their own.
  public let ending: String

  init(of source: ByteSource) throws {
    bytes = try source.bytes(at: 0, upTo: FileHead.length)
    size = source.size
    ending = PathName(source.path).formatEnding
  }

  /// Whether the file starts with these bytes.
  func starts(with mark: [UInt8]) -> Bool { bytes.starts(with: mark) }

  /// Whether the file starts with this ASCII text.
  func starts(with mark: String) -> Bool { bytes.starts(with: mark.utf8) }

  /// Whether the bytes `mark` stand at `position`.
  func has(_ mark: [UInt8], at position: Int) -> Bool {
    bytes.count >= position + mark.count
      && bytes[position..<(position + mark.count)].elementsEqual(mark)
  }

  /// Whether these bytes are text: no control bytes but white space, and valid UTF-8 as far as it
  /// can be seen.
  var isText: Bool {
    guard !bytes.isEmpty, !bytes.contains(where: { $0 < 32 && !(9...13).contains($0) }) else {
      return false
    }
    // A character may be cut in two at the end.
    let seen = bytes.count < FileHead.length ? bytes[...] : bytes.dropLast(4)
    return !String(decoding: seen, as: UTF8.self).unicodeScalars.contains("\u{fffd}")
  }
}
