import TensorEngine

/// Writes the elements of an array one after the other, in pieces that fit a cache.
struct ArrayWriter {
  let codec: NumberCodec

  /// - Throws: `FormatError` where the disk is full, `Interrupted` where the user stopped it.
  func write(_ values: [Float], to file: OutputFile, losses: inout Losses) throws {
    for piece in ArrayWriter.pieces(of: values[...]) {
      try Interrupt.check()
      try file.write(codec.encode(piece, losses: &losses))
    }
  }

  /// Consecutive pieces of a megabyte.
  static func pieces(of values: ArraySlice<Float>) -> some Sequence<ArraySlice<Float>> {
    let piece = 1 << 18
    return stride(from: values.startIndex, to: values.endIndex, by: piece).lazy.map {
      values[$0..<min(values.endIndex, $0 + piece)]
    }
  }
}
