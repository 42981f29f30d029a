/// Exact order statistics of many numbers in linear time.
public enum Percentile {
  /// Percentiles by linear interpolation between ranks (NumPy's default), over the finite values.
  ///
  /// - Parameter percents: from 0 to 100.
  /// - Returns: one value each; nil where no value is finite.
  public static func of(_ values: [Float], _ percents: [Double]) -> [Double]? {
    let keys = values.filter(\.isFinite).map(orderedKey)
    guard !keys.isEmpty else { return nil }
    return percents.map { percent in
      let place = max(0, min(100, percent)) / 100 * Double(keys.count - 1)
      let low = Int(place)
      let below = Double(value(ofRank: low, in: keys))
      guard place > Double(low) else { return below }
      let above = Double(value(ofRank: low + 1, in: keys))
      return below + (above - below) * (place - Double(low))
    }
  }

  /// Selects by radix: the upper half of the key by one histogram, the lower half by a second.
  private static func value(ofRank rank: Int, in keys: [UInt32]) -> Float {
    var upper = [Int](repeating: 0, count: 1 << 16)
    for key in keys { upper[Int(key >> 16)] += 1 }
    let (bucket, before) = find(rank, in: upper)
    var lower = [Int](repeating: 0, count: 1 << 16)
    for key in keys where Int(key >> 16) == bucket { lower[Int(key & 0xffff)] += 1 }
    let (rest, _) = find(rank - before, in: lower)
    return number(ofKey: UInt32(bucket) << 16 | UInt32(rest))
  }

  /// The bucket that holds a rank, and how many come before it.
  private static func find(_ rank: Int, in counts: [Int]) -> (bucket: Int, before: Int) {
    var before = 0
    for (bucket, count) in counts.enumerated() {
      if before + count > rank { return (bucket, before) }
      before += count
    }
    return (counts.count - 1, before)
  }

  /// Bits of a number as an integer of the same order.
  private static func orderedKey(_ value: Float) -> UInt32 {
    let bits = value.bitPattern
    return bits & 0x8000_0000 == 0 ? bits | 0x8000_0000 : ~bits
  }

  private static func number(ofKey key: UInt32) -> Float {
    Float(bitPattern: key & 0x8000_0000 == 0 ? ~key : key & 0x7fff_ffff)
  }
}
