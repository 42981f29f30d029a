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

  /// Reads `bytes` as numbers into `values` from index `start` on. Bytes that are not a whole
  /// number, and numbers that find no room, are left out.
  func decode(_ bytes: [UInt8], into values: inout [Float], at start: Int) {
    let swap = order != .host
    switch type {
    case .bool: map(bytes, &values, start) { (raw: UInt8) in raw == 0 ? 0 : 1 }
    case .uint8: map(bytes, &values, start) { (raw: UInt8) in Float(raw) }
    case .int8: map(bytes, &values, start) { (raw: Int8) in Float(raw) }
    case .uint16:
      map(bytes, &values, start) { (raw: UInt16) in Float(swap ? raw.byteSwapped : raw) }
    case .int16: map(bytes, &values, start) { (raw: Int16) in Float(swap ? raw.byteSwapped : raw) }
    case .uint32:
      map(bytes, &values, start) { (raw: UInt32) in Float(swap ? raw.byteSwapped : raw) }
    case .int32: map(bytes, &values, start) { (raw: Int32) in Float(swap ? raw.byteSwapped : raw) }
    case .uint64:
      map(bytes, &values, start) { (raw: UInt64) in Float(swap ? raw.byteSwapped : raw) }
    case .int64: map(bytes, &values, start) { (raw: Int64) in Float(swap ? raw.byteSwapped : raw) }
    case .float16:
      map(bytes, &values, start) { (raw: UInt16) in
        Float(Float16(bitPattern: swap ? raw.byteSwapped : raw))
      }
    case .bfloat16:
      map(bytes, &values, start) { (raw: UInt16) in
        Float(bitPattern: UInt32(swap ? raw.byteSwapped : raw) << 16)
      }
    case .float32:
      map(bytes, &values, start) { (raw: UInt32) in Float(bitPattern: swap ? raw.byteSwapped : raw)
      }
    case .float64:
      map(bytes, &values, start) { (raw: UInt64) in
        Float(Double(bitPattern: swap ? raw.byteSwapped : raw))
      }
    }
  }

  /// All numbers of `bytes`.
  func decode(_ bytes: [UInt8]) -> [Float] {
    var values = [Float](repeating: 0, count: bytes.count / type.size)
    decode(bytes, into: &values, at: 0)
    return values
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
  private func map<Raw: BitwiseCopyable>(
    _ bytes: [UInt8], _ values: inout [Float], _ start: Int, _ convert: (Raw) -> Float
  ) {
    let size = MemoryLayout<Raw>.size
    let count = min(bytes.count / size, values.count - start)
    guard count > 0, start >= 0 else { return }
    bytes.withUnsafeBytes { bytes in
      values.withUnsafeMutableBufferPointer { values in
        for index in 0..<count {
          let raw = bytes.loadUnaligned(fromByteOffset: index * size, as: Raw.self)
          values[start + index] = convert(raw)
        }
      }
    }
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
