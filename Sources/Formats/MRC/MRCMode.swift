import TensorEngine

/// The number types of MRC files.
enum MRCMode: Int {
  case int8 = 0
  case int16 = 1
  case float32 = 2
  case complexInt16 = 3
  case complexFloat32 = 4
  case uint16 = 6
  case float16 = 12
  case rgb = 16
  /// Two unsigned values in a byte, the first in the lower half; rows are whole bytes.
  case uint4 = 101

  /// The type that stores `type` without loss; single precision where there is none.
  init(storing type: StoredType) {
    switch type {
    case .bit, .int8: self = .int8
    case .int16: self = .int16
    case .uint8, .uint16: self = .uint16
    case .float16: self = .float16
    case .uint32, .int32, .uint64, .int64, .float32, .float64, .complex64: self = .float32
    }
  }

  /// The mode of exactly this type; nil where MRC has none.
  init?(exactly type: StoredType) {
    switch type {
    case .int8: self = .int8
    case .int16: self = .int16
    case .uint16: self = .uint16
    case .float16: self = .float16
    case .float32: self = .float32
    default: return nil
    }
  }

  /// How a number is stored; nil for numbers that are not real, and for half bytes.
  var number: NumberType? {
    switch self {
    case .int8: .int8
    case .int16: .int16
    case .float32: .float32
    case .uint16: .uint16
    case .float16: .float16
    case .complexInt16, .complexFloat32, .rgb, .uint4: nil
    }
  }
}
