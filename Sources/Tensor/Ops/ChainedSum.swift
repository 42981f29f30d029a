/// Sums of short runs in eight chains, because each addition waits for the one before.
enum ChainedSum {
  /// The sum of `term(0)` … `term(count - 1)`, always in the same order.
  @inline(__always)
  static func of<T: Scalar>(_ count: Int, _ term: (Int) -> T) -> T {
    var (a, b, c, d): (T, T, T, T) = (0, 0, 0, 0)
    var (e, f, g, h): (T, T, T, T) = (0, 0, 0, 0)
    var i = 0
    while i + 8 <= count {
      a += term(i)
      b += term(i + 1)
      c += term(i + 2)
      d += term(i + 3)
      e += term(i + 4)
      f += term(i + 5)
      g += term(i + 6)
      h += term(i + 7)
      i += 8
    }
    var total = ((a + b) + (c + d)) + ((e + f) + (g + h))
    while i < count {
      total += term(i)
      i += 1
    }
    return total
  }
}
