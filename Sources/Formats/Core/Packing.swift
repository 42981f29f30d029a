/// How a whole file is compressed around its format.
public enum Packing: String, Sendable, CaseIterable {
  case none, gzip, bzip2

  /// Told by the first bytes of a file.
  init(head: [UInt8]) {
    if head.starts(with: [0x1f, 0x8b, 8]) {
      self = .gzip
    } else if head.starts(with: [0x42, 0x5a, 0x68]), head.count > 9,
      (0x31...0x39).contains(head[3]),
      head[4...9].elementsEqual([0x31, 0x41, 0x59, 0x26, 0x53, 0x59])
    {
      self = .bzip2
    } else {
      self = .none
    }
  }

  /// Told by an ending in lower case.
  init(ending: String) {
    switch ending {
    case "gz": self = .gzip
    case "bz2": self = .bzip2
    default: self = .none
    }
  }
}
