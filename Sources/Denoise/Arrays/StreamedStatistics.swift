import TensorEngine

/// Statistics of numbers that come in pieces and need not fit in memory; numbers that are NaN or
/// infinite are counted and left out.
public struct StreamedStatistics: Sendable {
  public private(set) var count = 0
  public private(set) var invalid = 0
  public private(set) var min = Double.infinity
  public private(set) var max = -Double.infinity
  private var shift = 0.0
  private var sum = 0.0
  private var squares = 0.0
  private var rawSquares = 0.0
  /// How many numbers have each upper half of their bits, in the numbers' order.
  private var upper: [Int] = Array(repeating: 0, count: 1 << 16)

  public init() {}

  public var finite: Int { count - invalid }
  public var mean: Double { finite == 0 ? .nan : shift + sum / Double(finite) }
  /// Population standard deviation.
  public var std: Double {
    let n = Double(Swift.max(1, finite))
    return Swift.max(0, squares / n - (sum / n) * (sum / n)).squareRoot()
  }
  /// Root mean square about zero.
  public var rms: Double { (rawSquares / Double(Swift.max(1, finite))).squareRoot() }

  public mutating func add(_ values: [Float]) { add(values[...]) }

  public mutating func add(_ values: ArraySlice<Float>) {
    if shift == 0, finite == 0, let first = values.first(where: \.isFinite) {
      shift = Double(first)
    }
    var (low, high) = (Float.infinity, -Float.infinity)
    var (sum, squares, raw, wrong) = (0.0, 0.0, 0.0, 0)
    for value in values {
      guard value.isFinite else {
        wrong += 1
        continue
      }
      low = Swift.min(low, value)
      high = Swift.max(high, value)
      let number = Double(value)
      let moved = number - shift
      sum += moved
      squares += moved * moved
      raw += number * number
      upper[Int(StreamedStatistics.key(value) >> 16)] += 1
    }
    count += values.count
    invalid += wrong
    min = Swift.min(min, Double(low))
    max = Swift.max(max, Double(high))
    self.sum += sum
    self.squares += squares
    rawSquares += raw
  }

  /// Quantiles (0 ... 1) by linear interpolation, exactly as of the sorted numbers.
  ///
  /// - Parameter pieces: hands out the same numbers once more.
  public func quantiles(
    _ shares: [Double], pieces: (_ body: ([Float]) throws -> Void) throws -> Void
  ) throws -> [Double] {
    guard finite > 0 else { return shares.map { _ in .nan } }
    let ranks = shares.map { Swift.min(Swift.max($0, 0), 1) * Double(finite - 1) }
    let wanted = Set(ranks.flatMap { [Int($0.rounded(.down)), Int($0.rounded(.up))] })
    // Which upper half each rank falls in, and its rank there.
    var places: [Int: (half: Int, rank: Int)] = [:]
    var before = 0
    for (half, number) in upper.enumerated() where number > 0 {
      for rank in wanted where rank >= before && rank < before + number {
        places[rank] = (half, rank - before)
      }
      before += number
    }
    var lower: [Int: [Int]] = [:]
    for place in places.values { lower[place.half] = Array(repeating: 0, count: 1 << 16) }
    var isWanted = Array(repeating: false, count: 1 << 16)
    for half in lower.keys { isWanted[half] = true }
    try pieces { values in
      for value in values where value.isFinite {
        let key = StreamedStatistics.key(value)
        let half = Int(key >> 16)
        if isWanted[half] { lower[half]?[Int(key & 0xffff)] += 1 }
      }
    }
    let numbers = places.mapValues { place -> Double in
      var left = place.rank
      for (low, number) in (lower[place.half] ?? []).enumerated() {
        if left < number {
          return Double(StreamedStatistics.number(UInt32(place.half) << 16 | UInt32(low)))
        }
        left -= number
      }
      return .nan
    }
    return ranks.map { rank in
      let low = numbers[Int(rank.rounded(.down))] ?? .nan
      let high = numbers[Int(rank.rounded(.up))] ?? .nan
      return low + (high - low) * (rank - rank.rounded(.down))
    }
  }

  /// Bits whose order as whole numbers is that of the numbers.
  private static func key(_ value: Float) -> UInt32 {
    let bits = value.bitPattern
    return bits >> 31 == 0 ? bits | 0x8000_0000 : ~bits
  }

  private static func number(_ key: UInt32) -> Float {
    Float(bitPattern: key >> 31 == 1 ? key & 0x7fff_ffff : ~key)
  }
}
