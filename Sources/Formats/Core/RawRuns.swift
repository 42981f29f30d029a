import CSupport
import TensorEngine

/// Runs of numbers that lie uncompressed in a file, all of one length; read one after the other.
///
/// Reading costs little more than the bytes do: each piece goes on whatever thread is free from the
/// file to its place, through a small buffer only where the numbers are not stored as single
/// precision, and the memory is asked for in huge pages, since touching fresh memory page by page
/// takes longer than the reading.
struct RawRuns {
  let source: ByteSource
  let codec: NumberCodec
  /// How many runs there are.
  let count: Int
  /// Numbers of a run.
  let length: Int
  /// Where a run begins in the file, in bytes.
  let position: (Int) -> Int

  /// Numbers that a thread reads at once: two huge pages, for while one thread has the system clear
  /// a page, others that touch it wait.
  private static let piece = 1 << 20
  /// Bytes that are turned into numbers at once: they stay in the processor's cache.
  private static let decoded = 1 << 17

  /// All numbers of all runs. The caller has checked the memory for them.
  ///
  /// - Throws: `FormatError` where the file ends early, `Interrupted` where the user stops it.
  func values() throws -> [Float] {
    let total = count * length
    return try [Float](unsafeUninitializedCapacity: total) { buffer, filled in
      dn_prefer_huge_pages(buffer.baseAddress, total * MemoryLayout<Float>.stride)
      try fill(UnsafeMutableBufferPointer(rebasing: buffer[..<total]))
      filled = total
    }
  }

  private func fill(_ values: UnsafeMutableBufferPointer<Float>) throws {
    let pieces = (values.count + RawRuns.piece - 1) / RawRuns.piece
    // What is unpacked on the way comes in its order.
    let together = source.isSeekable ? 4 * Parallel.threads : 1
    let place = Place(values: values)
    for first in stride(from: 0, to: pieces, by: together) {
      try Interrupt.check()
      let failures = Parallel.map(min(together, pieces - first)) { index -> (any Error)? in
        let start = (first + index) * RawRuns.piece
        let end = min(values.count, start + RawRuns.piece)
        do { try read(start..<end, into: place.values) } catch { return error }
        return nil
      }
      if let failure = failures.compactMap({ $0 }).first { throw failure }
    }
  }

  /// Reads the numbers of a range, counted through all runs, to their places.
  private func read(_ range: Range<Int>, into values: UnsafeMutableBufferPointer<Float>) throws {
    var start = range.lowerBound
    while start < range.upperBound {
      let (run, column) = start.quotientAndRemainder(dividingBy: length)
      let end = min(range.upperBound, (run + 1) * length)
      let part = UnsafeMutableBufferPointer(rebasing: values[start..<end])
      try read(part, from: position(run) + column * codec.type.size)
      start = end
    }
  }

  private func read(_ part: UnsafeMutableBufferPointer<Float>, from position: Int) throws {
    if codec.isPlain { return try source.fill(UnsafeMutableRawBufferPointer(part), at: position) }
    let size = codec.type.size
    let step = RawRuns.decoded / size
    try withUnsafeTemporaryAllocation(
      byteCount: min(step, part.count) * size, alignment: MemoryLayout<UInt64>.alignment
    ) { bytes in
      for first in stride(from: 0, to: part.count, by: step) {
        let end = min(part.count, first + step)
        let raw = UnsafeMutableRawBufferPointer(rebasing: bytes[..<((end - first) * size)])
        try source.fill(raw, at: position + first * size)
        codec.decode(
          UnsafeRawBufferPointer(raw),
          into: UnsafeMutableBufferPointer(rebasing: part[first..<end]))
      }
    }
  }

  private struct Place: @unchecked Sendable {
    let values: UnsafeMutableBufferPointer<Float>
  }
}
