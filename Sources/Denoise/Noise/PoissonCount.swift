import TensorEngine

/// Random counts of a given mean.
enum PoissonCount {
  /// A Poisson count: by inversion for small rates, else by transformed rejection (Hörmann 1993,
  /// PTRS).
  static func draw(rate: Double, _ stream: inout RandomStream) -> Double {
    guard rate > 0, rate.isFinite else { return 0 }
    if rate < 10 {
      let limit = Elementary.exp(-rate)
      var product = Double(1 - stream.uniform())
      var count = 0.0
      while product > limit {
        product *= Double(1 - stream.uniform())
        count += 1
      }
      return count
    }
    let b = 0.931 + 2.53 * rate.squareRoot()
    let a = -0.059 + 0.02483 * b
    let inverseAlpha = 1.1239 + 1.1328 / (b - 3.4)
    let accept = 0.9277 - 3.6224 / (b - 2)
    while true {
      let u = Double(stream.uniform()) - 0.5
      let v = Double(1 - stream.uniform())
      let us = 0.5 - abs(u)
      guard us > 0 else { continue }
      let count = ((2 * a / us + b) * u + rate + 0.43).rounded(.down)
      if us >= 0.07 && v <= accept { return count }
      if count < 0 || (us < 0.013 && v > us) { continue }
      let left = Elementary.log(v * inverseAlpha / (a / (us * us) + b))
      if left <= count * Elementary.log(rate) - rate - logFactorial(count) { return count }
    }
  }

  /// log n!, by Stirling's series from 10 on.
  static func logFactorial(_ n: Double) -> Double {
    if n < 10 { return stride(from: 2.0, through: n, by: 1).reduce(0) { $0 + Elementary.log($1) } }
    let x = n + 1
    return (x - 0.5) * Elementary.log(x) - x + 0.5 * Elementary.log(2 * .pi)
      + (1 / 12 - 1 / (360 * x * x)) / x
  }
}
