import TensorEngine

/// The discrete Fourier transform of lines of any length, by splitting into prime factors.
struct FourierTransform {
  let count: Int
  /// e^(-2 pi i k / count).
  private let roots: [SIMD2<Float>]
  private let factors: [Int]

  init(count: Int) {
    self.count = count
    roots = (0..<count).map { index in
      let angle = -2 * Double.pi * Double(index) / Double(count)
      return SIMD2(Float(Elementary.cos(angle)), Float(Elementary.sin(angle)))
    }
    var factors: [Int] = []
    var rest = count
    var factor = 2
    while rest > 1 {
      if rest % factor == 0 {
        factors.append(factor)
        rest /= factor
      } else {
        factor = factor * factor > rest ? rest : factor + 1
      }
    }
    self.factors = factors
  }

  /// The transform of one line (complex numbers as pairs); unscaled both ways, so there and back
  /// multiplies by `count`.
  func transformed(_ line: [SIMD2<Float>], inverse: Bool = false) -> [SIMD2<Float>] {
    if !inverse { return split(line, factors[...], step: 1) }
    // The inverse is the transform of the conjugate, conjugated.
    let conjugate = SIMD2<Float>(1, -1)
    return split(line.map { $0 * conjugate }, factors[...], step: 1).map { $0 * conjugate }
  }

  private func split(
    _ line: [SIMD2<Float>], _ factors: ArraySlice<Int>, step: Int
  ) -> [SIMD2<Float>] {
    guard line.count > 8, let radix = factors.first, radix < line.count else {
      return direct(line, step: step)
    }
    let part = line.count / radix
    let pieces = (0..<radix).map { offset in
      split(
        stride(from: offset, to: line.count, by: radix).map { line[$0] }, factors.dropFirst(),
        step: step * radix)
    }
    return line.indices.map { frequency in
      var sum = pieces[0][frequency % part]
      for offset in 1..<radix {
        let root = roots[offset * frequency % line.count * step]
        let value = pieces[offset][frequency % part]
        sum += SIMD2(
          root.x * value.x - root.y * value.y, root.x * value.y + root.y * value.x)
      }
      return sum
    }
  }

  /// The sum as it is defined, for short lines and primes.
  private func direct(_ line: [SIMD2<Float>], step: Int) -> [SIMD2<Float>] {
    line.indices.map { frequency in
      var sum = SIMD2<Float>.zero
      var turn = 0
      for value in line {
        let root = roots[turn * step]
        sum += SIMD2(
          root.x * value.x - root.y * value.y, root.x * value.y + root.y * value.x)
        turn += frequency
        if turn >= line.count { turn -= line.count }
      }
      return sum
    }
  }

  /// Multiplies the spectrum of planes by real weights.
  ///
  /// - Parameters:
  ///   - plane: `[rows, columns]` row-major.
  ///   - weights: As many, in the order of frequencies 0, 1, … -1.
  static func filtered(
    _ plane: [SIMD2<Float>], rows: FourierTransform, columns: FourierTransform,
    weights: [Float]
  ) -> [SIMD2<Float>] {
    let (height, width) = (rows.count, columns.count)
    var lines = (0..<height).map { row in
      columns.transformed(Array(plane[row * width..<(row + 1) * width]))
    }
    for column in 0..<width {
      var spectrum = rows.transformed(lines.map { $0[column] })
      for row in 0..<height { spectrum[row] *= weights[row * width + column] }
      let back = rows.transformed(spectrum, inverse: true)
      for row in 0..<height { lines[row][column] = back[row] }
    }
    let scale = 1 / Float(height * width)
    return lines.flatMap { line in
      columns.transformed(line, inverse: true).map { $0 * scale }
    }
  }
}
