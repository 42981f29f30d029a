/// The header of a NumPy array, by the format's description (NEP 1), versions 1 to 3.
struct NPYHeader {
  static let mark: [UInt8] = [0x93] + Array("NUMPY".utf8)
  /// A header is a short line; this is far more than any needs.
  static let lengthLimit = 1 << 20

  var type: NumberType
  var order: ByteOrder
  /// Whether the first dimension is the fastest.
  var isFortran: Bool
  var shape: [Int]
  /// Where the numbers begin, in bytes from the start.
  private(set) var dataOffset = 0

  init(type: NumberType, shape: [Int]) {
    self.type = type
    order = .little
    isFortran = false
    self.shape = shape
  }

  /// - Parameters:
  ///   - path: For messages.
  ///   - read: Up to so many bytes from a position.
  /// - Throws: `FormatError` where the header is wrong, or the elements are no real numbers.
  init(path: String, read: (_ position: Int, _ count: Int) throws -> [UInt8]) throws {
    let start = try read(0, 12)
    guard start.count == 12, start.starts(with: NPYHeader.mark) else {
      throw FormatError.damaged(path, "its NumPy header is cut off")
    }
    guard (1...3).contains(start[6]) else {
      throw FormatError.unsupported(path, "NumPy format version \(start[6]).\(start[7])")
    }
    let isShort = start[6] == 1
    let count =
      isShort
      ? Int(start[8]) | Int(start[9]) << 8
      : (0..<4).reduce(0) { $0 | Int(start[8 + $1]) << (8 * $1) }
    dataOffset = (isShort ? 10 : 12) + count
    guard count <= NPYHeader.lengthLimit else {
      throw FormatError.damaged(path, "its NumPy header has \(ByteCount(count))")
    }
    let line = try read(isShort ? 10 : 12, count)
    guard line.count == count else {
      throw FormatError.damaged(path, "its NumPy header is cut off")
    }
    var literal = PythonLiteral(line)
    guard let entries = literal.dictionary(), let descr = entries["descr"],
      case .tuple(let sizes)? = entries["shape"],
      case .bool(let fortran)? = entries["fortran_order"]
    else { throw FormatError.damaged(path, "its NumPy header makes no sense") }
    shape = try sizes.map {
      guard case .number(let size) = $0, size >= 0 else {
        throw FormatError.damaged(path, "its NumPy header has no sensible shape")
      }
      return size
    }
    isFortran = fortran
    (type, order) = try NPYHeader.type(descr, path)
  }

  /// The header's bytes, padded so that the numbers start at a multiple of 64.
  var bytes: [UInt8] {
    let sizes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    let line =
      "{'descr': '\(NPYHeader.code(type, order))', 'fortran_order': \(isFortran ? "True" : "False"), "
      + "'shape': (\(sizes)), }"
    let padding = (64 - (10 + line.utf8.count + 1) % 64) % 64
    let count = line.utf8.count + padding + 1
    return NPYHeader.mark + [1, 0, UInt8(count & 0xff), UInt8(count >> 8 & 0xff)] + Array(line.utf8)
      + [UInt8](repeating: 32, count: padding) + [10]
  }

  private static let codes: [(code: String, type: NumberType)] = [
    ("b1", .bool), ("i1", .int8), ("u1", .uint8), ("i2", .int16), ("u2", .uint16), ("i4", .int32),
    ("u4", .uint32), ("i8", .int64), ("u8", .uint64), ("f2", .float16), ("f4", .float32),
    ("f8", .float64),
  ]

  /// NumPy's code of a type, such as `<f4`.
  static func code(_ type: NumberType, _ order: ByteOrder) -> String {
    let code = codes.first { $0.type == type }?.code ?? "f4"
    return (type.size == 1 ? "|" : order == .little ? "<" : ">") + code
  }

  /// The type of a NumPy code such as `<f4`.
  static func type(
    _ descr: PythonLiteral.Value, _ path: String
  ) throws -> (NumberType, ByteOrder) {
    guard case .string(let text) = descr else {
      throw FormatError.unsupported(
        path, "records, not numbers", hint: "save one field of it: np.save(\"x.npy\", a[\"field\"])"
      )
    }
    let code = text.drop { "<>|=".contains($0) }
    if let known = codes.first(where: { $0.code == code }) {
      return (known.type, text.hasPrefix(">") ? .big : .little)
    }
    switch code.first {
    case "O":
      throw FormatError.unsupported(
        path, "pickled Python objects, which could run any program",
        hint: "save it as numbers: np.save(\"x.npy\", np.asarray(a, dtype=\"float32\"))")
    case "c":
      throw FormatError.unsupported(
        path, "complex numbers", hint: "save their parts: np.save(\"x.npy\", np.abs(a))")
    case "U", "S", "a": throw FormatError.unsupported(path, "text, not numbers")
    case "M", "m": throw FormatError.unsupported(path, "dates, not numbers")
    default:
      throw FormatError.unsupported(
        path, "numbers of the type \"\(text)\"",
        hint: "save it as float32: np.save(\"x.npy\", a.astype(\"float32\"))")
    }
  }
}
