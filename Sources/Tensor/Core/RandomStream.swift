import CKernels

/// A counter-based random stream (Philox4x32-10, Salmon et al. 2011): the numbers follow from its
/// name alone, so results do not depend on the thread count and a run can go on where it stopped.
public struct RandomStream: Sendable {
  /// What a stream is drawn for; streams of different purposes are independent.
  public enum Purpose: UInt32, Sendable {
    case initialization = 1
    case mask, patch, augmentation, dropout, noise, sample, validation, prediction, language
    case method, order
  }

  private let key: (UInt32, UInt32)
  private let high: (UInt32, UInt32)
  private var counter: UInt64 = 0
  private var block: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
  private var used = 4
  private var spareNormal: Float?

  /// A stream named by what it is for.
  public init(
    seed: UInt64, purpose: Purpose, epoch: Int = 0, step: Int = 0, sample: Int = 0
  ) {
    var hash = RandomStream.mixed(seed &+ 0x9E37_79B9_7F4A_7C15)
    for part in [UInt64(purpose.rawValue), epoch.bits, step.bits, sample.bits] {
      hash = RandomStream.mixed(hash ^ RandomStream.mixed(part &+ 0x9E37_79B9_7F4A_7C15))
    }
    let second = RandomStream.mixed(hash &+ 0xD1B5_4A32_D192_ED03)
    key = (UInt32(truncatingIfNeeded: hash), UInt32(truncatingIfNeeded: hash >> 32))
    high = (UInt32(truncatingIfNeeded: second), UInt32(truncatingIfNeeded: second >> 32))
  }

  /// The key and upper counter words, for kernels that draw the same stream in C.
  public var words: (UInt32, UInt32, UInt32, UInt32) { (key.0, key.1, high.0, high.1) }

  /// The next 32 random bits.
  public mutating func next() -> UInt32 {
    if used == 4 {
      block = RandomStream.philox(
        counter: (
          UInt32(truncatingIfNeeded: counter), UInt32(truncatingIfNeeded: counter >> 32), high.0,
          high.1
        ), key: key)
      counter &+= 1
      used = 0
    }
    used += 1
    switch used {
    case 1: return block.0
    case 2: return block.1
    case 3: return block.2
    default: return block.3
    }
  }

  /// Even on [0, 1), in steps of 2^-24.
  public mutating func uniform() -> Float { Float(next() >> 8) * 0x1p-24 }

  /// Even on the range.
  public mutating func uniform(_ range: ClosedRange<Float>) -> Float {
    range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
  }

  /// A whole number in `0..<bound`, evenly (Lemire's multiplication with rejection).
  public mutating func int(below bound: Int) -> Int {
    guard bound > 1 else { return 0 }
    guard bound <= Int(UInt32.max) else {
      let wide = UInt64(next()) << 32 | UInt64(next())
      return Int(wide % UInt64(bound))
    }
    let limit = UInt32(bound)
    var product = UInt64(next()) * UInt64(limit)
    if UInt32(truncatingIfNeeded: product) < limit {
      let threshold = (0 &- limit) % limit
      while UInt32(truncatingIfNeeded: product) < threshold {
        product = UInt64(next()) * UInt64(limit)
      }
    }
    return Int(product >> 32)
  }

  /// Standard normal (Box-Muller, both of each pair used).
  public mutating func normal() -> Float {
    if let spare = spareNormal {
      spareNormal = nil
      return spare
    }
    let radius = (-2 * Elementary.log(1 - uniform())).squareRoot()
    let angle = 2 * Float.pi * uniform()
    spareNormal = radius * Elementary.sin(angle)
    return radius * Elementary.cos(angle)
  }

  /// True with the given probability.
  public mutating func bernoulli(_ probability: Float) -> Bool { uniform() < probability }

  /// A random order of `0..<count` (Fisher-Yates).
  public mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<Swift.max(0, count))
    for last in order.indices.dropFirst().reversed() {
      order.swapAt(last, int(below: last + 1))
    }
    return order
  }

  private static func mixed(_ value: UInt64) -> UInt64 {  // SplitMix64's finaliser
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// One block of Philox4x32-10.
  package static func philox(
    counter: (UInt32, UInt32, UInt32, UInt32), key: (UInt32, UInt32)
  ) -> (UInt32, UInt32, UInt32, UInt32) {
    var (counter, key, output) = (counter, key, (UInt32(0), UInt32(0), UInt32(0), UInt32(0)))
    withUnsafeBytes(of: &counter) { counter in
      withUnsafeBytes(of: &key) { key in
        withUnsafeMutableBytes(of: &output) { output in
          dn_philox(
            counter.assumingMemoryBound(to: UInt32.self).baseAddress,
            key.assumingMemoryBound(to: UInt32.self).baseAddress,
            output.assumingMemoryBound(to: UInt32.self).baseAddress)
        }
      }
    }
    return output
  }
}

extension Int {
  fileprivate var bits: UInt64 { UInt64(bitPattern: Int64(self)) }
}
