import TensorEngine

/// Number types as they lie in files.
enum NumberType: String, Sendable, CaseIterable {
  case bool, uint8, int8, uint16, int16, uint32, int32, uint64, int64
  case float16, bfloat16, float32, float64

  /// Bytes of one number.
  var size: Int {
    switch self {
    case .bool, .uint8, .int8: 1
    case .uint16, .int16, .float16, .bfloat16: 2
    case .uint32, .int32, .float32: 4
    case .uint64, .int64, .float64: 8
    }
  }

  /// The type as the rest of the program names it.
  var stored: StoredType {
    switch self {
    case .bool: .bit
    case .uint8: .uint8
    case .int8: .int8
    case .uint16: .uint16
    case .int16: .int16
    case .uint32: .uint32
    case .int32: .int32
    case .uint64: .uint64
    case .int64: .int64
    case .float16: .float16
    case .bfloat16, .float32: .float32
    case .float64: .float64
    }
  }

  /// The type that stores `type` in whole bytes; nil for complex numbers.
  init?(_ type: StoredType) {
    switch type {
    case .bit: self = .bool
    case .uint8: self = .uint8
    case .int8: self = .int8
    case .uint16: self = .uint16
    case .int16: self = .int16
    case .uint32: self = .uint32
    case .int32: self = .int32
    case .uint64: self = .uint64
    case .int64: self = .int64
    case .float16: self = .float16
    case .float32: self = .float32
    case .float64: self = .float64
    case .complex64: return nil
    }
  }
}

extension NumberType {
  /// The type that stores real numbers as `type`.
  ///
  /// - Throws: `FormatError` of kind `badRequest` for complex numbers.
  init(real type: StoredType, _ path: String) throws {
    guard let number = NumberType(type) else {
      throw FormatError(
        .badRequest, "real numbers cannot be saved as \(type.rawValue): \"\(path)\"",
        hint: "use dtype=float32")
    }
    self = number
  }
}

/// Which byte of a number comes first.
enum ByteOrder: Sendable {
  case little, big

  /// The order of the machine the program runs on.
  static var host: ByteOrder { Int(1).littleEndian == 1 ? .little : .big }
}
