import CSupport

/// Turns the numbers of files into single precision and back.
///
/// The one place where bytes are read as numbers; every size is checked before.
struct NumberCodec: Sendable {
  let type: NumberType
  let order: ByteOrder

  init(_ type: NumberType, order: ByteOrder = .little) {
    self.type = type
    self.order = order
  }

  /// Whether the file has the very bytes that memory has.
  var isPlain: Bool { type == .float32 && order == .host }

  /// Reads `bytes` as numbers to the places of `values`. Bytes that are not a whole number, and
  /// numbers that find no room, are left out.
  func decode(_ bytes: UnsafeRawBufferPointer, into values: UnsafeMutableBufferPointer<Float>) {
    let count = min(bytes.count / type.size, values.count)
    dn_widen(number, order != .host, bytes.baseAddress, values.baseAddress, count)
  }

  /// The type's name where numbers are widened.
  private var number: dn_number {
    switch type {
    case .bool: DN_BOOL
    case .uint8: DN_UINT8
    case .int8: DN_INT8
    case .uint16: DN_UINT16
    case .int16: DN_INT16
    case .uint32: DN_UINT32
    case .int32: DN_INT32
    case .uint64: DN_UINT64
    case .int64: DN_INT64
    case .float16: DN_FLOAT16
    case .bfloat16: DN_BFLOAT16
    case .float32: DN_FLOAT32
    case .float64: DN_FLOAT64
    }
  }

  /// All numbers of `bytes`.
  func decode(_ bytes: [UInt8]) -> [Float] {
    let count = bytes.count / type.size
    return [Float](unsafeUninitializedCapacity: count) { values, filled in
      bytes.withUnsafeBytes { decode($0, into: values) }
      filled = count
    }
  }

  /// Writes numbers as bytes. Integers are rounded to the nearest (ties to even) and clipped to
  /// the type's range; a value that is not a number becomes 0. `losses` counts both.
  func encode(_ values: ArraySlice<Float>, losses: inout Losses) -> [UInt8] {
    let swap = order != .host
    switch type {
    case .bool:
      return pack(values, &losses) { value, losses in losses.whole(value, in: 0...1) as UInt8 }
    case .uint8: return integers(values, UInt8.self, swap, &losses)
    case .int8: return integers(values, Int8.self, swap, &losses)
    case .uint16: return integers(values, UInt16.self, swap, &losses)
    case .int16: return integers(values, Int16.self, swap, &losses)
    case .uint32: return integers(values, UInt32.self, swap, &losses)
    case .int32: return integers(values, Int32.self, swap, &losses)
    case .uint64: return integers(values, UInt64.self, swap, &losses)
    case .int64: return integers(values, Int64.self, swap, &losses)
    case .float16:
      return pack(values, &losses) { value, losses in
        let raw = losses.half(value).bitPattern
        return swap ? raw.byteSwapped : raw
      }
    case .bfloat16:
      return pack(values, &losses) { value, _ in
        let raw = NumberCodec.bfloat16(value)
        return swap ? raw.byteSwapped : raw
      }
    case .float32:
      return pack(values, &losses) { value, _ in
        swap ? value.bitPattern.byteSwapped : value.bitPattern
      }
    case .float64:
      return pack(values, &losses) { value, _ in
        let raw = Double(value).bitPattern
        return swap ? raw.byteSwapped : raw
      }
    }
  }

  /// The upper half of a single-precision number, rounded to the nearest (ties to even).
  static func bfloat16(_ value: Float) -> UInt16 {
    let bits = value.bitPattern
    // Rounding could carry a NaN's payload into infinity.
    if value.isNaN { return UInt16(truncatingIfNeeded: bits >> 16) | 0x40 }
    return UInt16(truncatingIfNeeded: (bits &+ 0x7fff &+ ((bits >> 16) & 1)) >> 16)
  }

  @inline(__always)
  private func integers<Raw: FixedWidthInteger & BitwiseCopyable>(
    _ values: ArraySlice<Float>, _: Raw.Type, _ swap: Bool, _ losses: inout Losses
  ) -> [UInt8] {
    let range = Float(Raw.min)...Float(Raw.max)
    return pack(values, &losses) { value, losses in
      let raw: Raw = losses.whole(value, in: range)
      return swap ? raw.byteSwapped : raw
    }
  }

  @inline(__always)
  private func pack<Raw: BitwiseCopyable>(
    _ values: ArraySlice<Float>, _ losses: inout Losses, _ convert: (Float, inout Losses) -> Raw
  ) -> [UInt8] {
    let size = MemoryLayout<Raw>.size
    var bytes = [UInt8](repeating: 0, count: values.count * size)
    bytes.withUnsafeMutableBytes { bytes in
      for (index, value) in values.enumerated() {
        bytes.storeBytes(
          of: convert(value, &losses), toByteOffset: index * size, as: Raw.self)
      }
    }
    return bytes
  }
}
