/// The discrete Fourier transform of lines of complex numbers, of any length.
///
/// Stockham's form of Cooley and Tukey's algorithm (Van Loan 1992, ch. 1.7), by factors of 4, 2 and
/// primes: it needs no reordering, and several lines are transformed side by side so that the inner
/// loops run over neighbouring numbers.
struct FourierKernel<T: Scalar> {
  /// Length of a line.
  let count: Int
  /// Distance between the elements of a line.
  private let stride: Int
  /// Lines in all.
  private let lines: Int
  private let factors: [Int]
  private let inverse: Bool

  /// Lines side by side.
  private static var widest: Int { 16 }

  /// Lines along an axis of a row-major array.
  init(shape: [Int], axis: Int, inverse: Bool) {
    count = shape[axis]
    stride = shape[(axis + 1)...].product
    lines = count > 0 ? shape.product / count : 0
    self.inverse = inverse
    factors = FourierKernel.factors(of: count)
  }

  private var lanes: Int { min(FourierKernel.widest, max(1, min(lines, longestRun))) }
  /// Lines whose elements lie beside each other; along the last axis any lines will do.
  private var longestRun: Int { stride == 1 ? lines : stride }

  private static func factors(of count: Int) -> [Int] {
    var factors: [Int] = []
    var rest = max(1, count)
    while rest % 4 == 0 {
      factors.append(4)
      rest /= 4
    }
    var factor = 2
    while rest > 1 {
      if rest % factor == 0 {
        factors.append(factor)
        rest /= factor
      } else {
        factor = factor * factor > rest ? rest : factor + 1
      }
    }
    return factors
  }

  /// Numbers of scratch for so many threads.
  func scratch(threads: Int) -> Int { 2 * count + threads * (4 * count + 2) * lanes }

  /// Transforms in place.
  ///
  /// - Parameters:
  ///   - re: Real parts of the array; `im` the imaginary ones.
  ///   - scratch: As many numbers as `scratch(threads:)` says for the threads there are.
  func run(
    _ re: UnsafeMutablePointer<T>, _ im: UnsafeMutablePointer<T>,
    scratch: UnsafeMutablePointer<T>
  ) {
    guard count > 1, lines > 0 else { return }
    let roots = scratch
    for index in 0..<count {
      let angle = (inverse ? 2 : -2) * Double.pi * Double(index) / Double(count)
      roots[2 * index] = T(Elementary.cos(angle))
      roots[2 * index + 1] = T(Elementary.sin(angle))
    }
    let lanes = lanes
    let runs = (longestRun + lanes - 1) / lanes
    let batches = stride == 1 ? runs : runs * (lines / stride)
    let own = (4 * count + 2) * lanes
    Parallel.forRanges(batches, grain: max(1, 4096 / (count * lanes))) { range in
      let room = scratch + 2 * count + Parallel.thread * own
      for batch in range {
        let first = batch % runs * lanes
        let width = min(lanes, longestRun - first)
        // Lines of the last axis lie one after the other, all others side by side.
        let start = stride == 1 ? first * count : batch / runs * stride * count + first
        transform(
          re + start, im + start, step: stride == 1 ? count : 1, width: width, roots, room)
      }
    }
  }

  /// Transforms `width` lines whose first elements are `step` apart.
  private func transform(
    _ re: UnsafeMutablePointer<T>, _ im: UnsafeMutablePointer<T>, step: Int, width: Int,
    _ roots: UnsafeMutablePointer<T>, _ room: UnsafeMutablePointer<T>
  ) {
    let area = count * width
    var source = Lines(re: room, im: room + area)
    var target = Lines(re: room + 2 * area, im: room + 3 * area)
    for index in 0..<count {
      for lane in 0..<width {
        source.re[index * width + lane] = re[index * stride + lane * step]
        source.im[index * width + lane] = im[index * stride + lane * step]
      }
    }
    var done = 1
    for factor in factors {
      let parts = count / (done * factor)
      switch factor {
      case 2: halves(source, target, parts: parts, done: done, width: width, roots)
      case 4: quarters(source, target, parts: parts, done: done, width: width, roots)
      default:
        pieces(
          source, target, factor, parts: parts, done: done, width: width, roots,
          sums: room + 4 * area)
      }
      swap(&source, &target)
      done *= factor
    }
    for index in 0..<count {
      for lane in 0..<width {
        re[index * stride + lane * step] = source.re[index * width + lane]
        im[index * stride + lane * step] = source.im[index * width + lane]
      }
    }
  }

  /// Numbers of several lines, element by element.
  private struct Lines {
    let re: UnsafeMutablePointer<T>
    let im: UnsafeMutablePointer<T>
  }

  private func halves(
    _ x: Lines, _ y: Lines, parts: Int, done: Int, width: Int, _ roots: UnsafeMutablePointer<T>
  ) {
    let run = done * width
    for part in 0..<parts {
      let (wr, wi) = (roots[2 * part * done], roots[2 * part * done + 1])
      let (a, b) = (part * run, (part + parts) * run)
      let (c, d) = (2 * part * run, (2 * part + 1) * run)
      for i in 0..<run {
        let (ar, ai, br, bi) = (x.re[a + i], x.im[a + i], x.re[b + i], x.im[b + i])
        y.re[c + i] = ar + br
        y.im[c + i] = ai + bi
        let (dr, di) = (ar - br, ai - bi)
        y.re[d + i] = dr * wr - di * wi
        y.im[d + i] = dr * wi + di * wr
      }
    }
  }

  private func quarters(
    _ x: Lines, _ y: Lines, parts: Int, done: Int, width: Int, _ roots: UnsafeMutablePointer<T>
  ) {
    let run = done * width
    // i times the sign of the exponent.
    let turn: T = inverse ? 1 : -1
    for part in 0..<parts {
      let one = 2 * part * done
      let (w1r, w1i) = (roots[one], roots[one + 1])
      let (w2r, w2i) = (roots[2 * one], roots[2 * one + 1])
      let (w3r, w3i) = (roots[3 * one], roots[3 * one + 1])
      let (a, b) = (part * run, (part + parts) * run)
      let (c, d) = ((part + 2 * parts) * run, (part + 3 * parts) * run)
      let to = 4 * part * run
      for i in 0..<run {
        let (sr, si) = (x.re[a + i] + x.re[c + i], x.im[a + i] + x.im[c + i])
        let (tr, ti) = (x.re[a + i] - x.re[c + i], x.im[a + i] - x.im[c + i])
        let (ur, ui) = (x.re[b + i] + x.re[d + i], x.im[b + i] + x.im[d + i])
        let (vr, vi) = (
          -turn * (x.im[b + i] - x.im[d + i]), turn * (x.re[b + i] - x.re[d + i])
        )
        y.re[to + i] = sr + ur
        y.im[to + i] = si + ui
        let (pr, pi) = (tr + vr, ti + vi)
        y.re[to + run + i] = pr * w1r - pi * w1i
        y.im[to + run + i] = pr * w1i + pi * w1r
        let (qr, qi) = (sr - ur, si - ui)
        y.re[to + 2 * run + i] = qr * w2r - qi * w2i
        y.im[to + 2 * run + i] = qr * w2i + qi * w2r
        let (rr, ri) = (tr - vr, ti - vi)
        y.re[to + 3 * run + i] = rr * w3r - ri * w3i
        y.im[to + 3 * run + i] = rr * w3i + ri * w3r
      }
    }
  }

  /// Any factor, by the sum as it is defined.
  private func pieces(
    _ x: Lines, _ y: Lines, _ factor: Int, parts: Int, done: Int, width: Int,
    _ roots: UnsafeMutablePointer<T>, sums: UnsafeMutablePointer<T>
  ) {
    let (sr, si) = (sums, sums + width)
    let unit = count / factor
    for part in 0..<parts {
      for index in 0..<done {
        for j in 0..<factor {
          for lane in 0..<width { (sr[lane], si[lane]) = (0, 0) }
          for k in 0..<factor {
            let root = 2 * (j * k % factor * unit)
            let (wr, wi) = (roots[root], roots[root + 1])
            let from = ((part + parts * k) * done + index) * width
            for lane in 0..<width {
              let (xr, xi) = (x.re[from + lane], x.im[from + lane])
              sr[lane] += xr * wr - xi * wi
              si[lane] += xr * wi + xi * wr
            }
          }
          let twist = 2 * (part * j * done)
          let (wr, wi) = (roots[twist], roots[twist + 1])
          let to = ((part * factor + j) * done + index) * width
          for lane in 0..<width {
            y.re[to + lane] = sr[lane] * wr - si[lane] * wi
            y.im[to + lane] = sr[lane] * wi + si[lane] * wr
          }
        }
      }
    }
  }
}

/// Fourier transforms of arrays at hand.
public enum FourierLines {
  /// Transforms complex numbers along some axes of a row-major array, without a scale: there and
  /// back multiplies by the lengths of the axes.
  ///
  /// - Parameters:
  ///   - real: Real parts, `shape.product` of them; `imaginary` the imaginary ones.
  /// - Throws: `Interrupted` between axes.
  public static func transform(
    real: inout [Float], imaginary: inout [Float], shape: [Int], axes: [Int], inverse: Bool = false
  ) throws {
    precondition(real.count == shape.product && imaginary.count == real.count)
    for axis in axes where shape[axis] > 1 {
      try Interrupt.check()
      let kernel = FourierKernel<Float>(shape: shape, axis: axis, inverse: inverse)
      let scratch = UnsafeMutablePointer<Float>.allocate(
        capacity: kernel.scratch(threads: Parallel.threads))
      defer { scratch.deallocate() }
      real.withUnsafeMutableBufferPointer { re in
        imaginary.withUnsafeMutableBufferPointer { im in
          guard let re = re.baseAddress, let im = im.baseAddress else { return }
          kernel.run(re, im, scratch: scratch)
        }
      }
    }
  }
}
