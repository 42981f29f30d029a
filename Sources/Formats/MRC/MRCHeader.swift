import TensorEngine

/// The 1024 bytes at the start of an MRC file, by the MRC2014 standard (Cheng et al. 2015,
/// J. Struct. Biol. 192:146), with IMOD's additions.
///
/// The bytes are kept as they came and changed in place, so that what is not known here survives.
struct MRCHeader: Equatable {
  static let length = 1024

  /// Byte offsets of the words that are used here.
  enum Word: Int {
    case size = 0
    case mode = 12
    case start = 16
    case sampling = 28
    case cell = 40
    case cellAngles = 52
    case axes = 64
    case minimum = 76
    case maximum = 80
    case mean = 84
    case spaceGroup = 88
    case extendedLength = 92
    case extendedType = 104
    case version = 108
    case imodStamp = 152
    case imodFlags = 156
    case origin = 196
    case mapMark = 208
    case machineStamp = 212
    case rms = 216
    case labelCount = 220
    case labels = 224
  }

  static let labelLength = 80
  static let labelLimit = 10
  static let mark = Array("MAP ".utf8)

  private(set) var bytes: [UInt8]
  let order: ByteOrder

  /// An empty header of a new file, little endian.
  init() {
    bytes = [UInt8](repeating: 0, count: MRCHeader.length)
    order = .little
    bytes.replaceSubrange(212..<216, with: [0x44, 0x44, 0, 0])
    setTriple(.cellAngles, floats: [90, 90, 90])
    setTriple(.axes, [1, 2, 3])
    setMark()
  }

  /// A header of 1024 bytes; the byte order is told by the machine stamp, or where that makes no
  /// sense, by which order gives a sensible size and mode.
  ///
  /// Nil where neither order does.
  init?(_ bytes: [UInt8]) {
    guard bytes.count == MRCHeader.length else { return nil }
    let stamp = bytes[Word.machineStamp.rawValue]
    let orders: [ByteOrder] = stamp == 0x11 ? [.big, .little] : [.little, .big]
    for order in orders {
      self.init(bytes, order: order)
      if isSensible { return }
    }
    return nil
  }

  private init(_ bytes: [UInt8], order: ByteOrder) {
    self.bytes = bytes
    self.order = order
  }

  /// Whether size, mode and axes can be meant.
  private var isSensible: Bool {
    size.allSatisfy { $0 > 0 } && (0...127).contains(self[.mode]) && self[.extendedLength] >= 0
      && (axisNumbers.sorted() == [1, 2, 3] || axisNumbers == [0, 0, 0])
  }

  var hasMark: Bool {
    bytes[Word.mapMark.rawValue..<(Word.mapMark.rawValue + 3)].elementsEqual("MAP".utf8)
  }

  mutating func setMark() { bytes.replaceSubrange(208..<212, with: MRCHeader.mark) }

  subscript(word: Word) -> Int {
    get { Int(integer(word.rawValue)) }
    set { setInteger(word.rawValue, Int32(clamping: newValue)) }
  }

  func float(_ word: Word) -> Double {
    Double(Float(bitPattern: UInt32(bitPattern: integer(word.rawValue))))
  }

  mutating func set(_ word: Word, float value: Double) {
    setInteger(word.rawValue, Int32(bitPattern: Float(value).bitPattern))
  }

  func triple(_ word: Word) -> [Int] { (0..<3).map { Int(integer(word.rawValue + 4 * $0)) } }

  func floats(_ word: Word) -> [Double] {
    (0..<3).map { Double(Float(bitPattern: UInt32(bitPattern: integer(word.rawValue + 4 * $0)))) }
  }

  mutating func setTriple(_ word: Word, _ values: [Int]) {
    for (index, value) in values.prefix(3).enumerated() {
      setInteger(word.rawValue + 4 * index, Int32(clamping: value))
    }
  }

  mutating func setTriple(_ word: Word, floats values: [Double]) {
    for (index, value) in values.prefix(3).enumerated() {
      setInteger(word.rawValue + 4 * index, Int32(bitPattern: Float(value).bitPattern))
    }
  }

  /// Columns, rows, sections.
  var size: [Int] { triple(.size) }
  /// Number of the axis (1 X, 2 Y, 3 Z) of columns, rows, sections.
  var axisNumbers: [Int] { triple(.axes) }

  /// What the extended header is, in four letters such as `FEI1` or `SERI`; empty where unsaid.
  var extendedType: String {
    get {
      String(decoding: bytes[104..<108].prefix { $0 > 32 && $0 < 127 }, as: UTF8.self)
    }
    set {
      bytes.replaceSubrange(104..<108, with: (Array(newValue.utf8) + [32, 32, 32, 32]).prefix(4))
    }
  }

  /// The labels in use, without trailing blanks.
  var labels: [String] {
    (0..<max(0, min(self[.labelCount], MRCHeader.labelLimit))).map { index in
      let start = Word.labels.rawValue + MRCHeader.labelLength * index
      let line = bytes[start..<(start + MRCHeader.labelLength)].prefix { $0 != 0 }
      var text = String(decoding: line.map { (32..<127).contains($0) ? $0 : 63 }, as: UTF8.self)
      while text.last == " " { text.removeLast() }
      return text
    }
  }

  /// Appends a label. Where all ten are in use the last one gives way, so that the first ones,
  /// which say where the data came from, stay.
  mutating func append(label: String) {
    var lines = labels.filter { !$0.isEmpty }
    if lines.last == label { return }
    if lines.count >= MRCHeader.labelLimit { lines.removeLast() }
    lines.append(label)
    for index in 0..<MRCHeader.labelLimit {
      let text = index < lines.count ? lines[index] : ""
      let ascii = text.unicodeScalars.map { (32..<127).contains($0.value) ? UInt8($0.value) : 63 }
      let padding = [UInt8](repeating: text.isEmpty ? 0 : 32, count: MRCHeader.labelLength)
      let start = Word.labels.rawValue + MRCHeader.labelLength * index
      bytes.replaceSubrange(
        start..<(start + MRCHeader.labelLength),
        with: (ascii + padding).prefix(MRCHeader.labelLength))
    }
    self[.labelCount] = lines.count
  }

  private func integer(_ offset: Int) -> Int32 {
    let four = bytes[offset..<(offset + 4)]
    let raw = (order == .little ? four.reversed() : Array(four)).reduce(UInt32(0)) {
      $0 << 8 | UInt32($1)
    }
    return Int32(bitPattern: raw)
  }

  private mutating func setInteger(_ offset: Int, _ value: Int32) {
    let raw = UInt32(bitPattern: value)
    for index in 0..<4 {
      let shift = order == .little ? 8 * index : 24 - 8 * index
      bytes[offset + index] = UInt8(truncatingIfNeeded: raw >> UInt32(shift))
    }
  }
}
