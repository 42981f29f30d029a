import TensorEngine
import Testing

@Suite struct FourierTests {
  /// Lengths of all kinds of factors, against the sum as it is defined, in double precision.
  @Test(arguments: [1, 2, 3, 4, 5, 6, 8, 12, 17, 30, 35, 64, 97])
  func equalsTheDefinition(count: Int) throws {
    var stream = RandomStream(seed: 3, purpose: .sample)
    let lines = 3
    let real = (0..<lines * count).map { _ in stream.normal() }
    let imaginary = (0..<lines * count).map { _ in stream.normal() }
    for (shape, axis) in [([lines, count], 1), ([count, lines], 0)] {
      for inverse in [false, true] {
        var (re, im) = (real, imaginary)
        try FourierLines.transform(
          real: &re, imaginary: &im, shape: shape, axes: [axis], inverse: inverse)
        let stride = shape.strides[axis]
        for line in 0..<lines {
          let start = axis == 1 ? line * count : line
          for frequency in 0..<count {
            var sum = (0.0, 0.0)
            for index in 0..<count {
              let turn = (inverse ? 2 : -2) * Double.pi * Double(frequency * index % count)
              let (c, s) = (
                Elementary.cos(turn / Double(count)), Elementary.sin(turn / Double(count))
              )
              let at = start + index * stride
              let (x, y) = (Double(real[at]), Double(imaginary[at]))
              sum.0 += x * c - y * s
              sum.1 += x * s + y * c
            }
            let at = start + frequency * stride
            let scale = 1e-5 * Double(count).squareRoot() + 1e-6
            #expect(abs(Double(re[at]) - sum.0) < scale)
            #expect(abs(Double(im[at]) - sum.1) < scale)
          }
        }
      }
    }
  }

  @Test func comesBackInThreeDimensions() throws {
    var stream = RandomStream(seed: 4, purpose: .sample)
    let shape = [6, 20, 9]
    let values = (0..<shape.product).map { _ in stream.normal() }
    var (re, im) = (values, values.map { _ in Float(0) })
    try FourierLines.transform(real: &re, imaginary: &im, shape: shape, axes: [0, 1, 2])
    try FourierLines.transform(
      real: &re, imaginary: &im, shape: shape, axes: [2, 0, 1], inverse: true)
    for (before, after) in zip(values, re) {
      #expect(abs(before - after / Float(shape.product)) < 1e-5)
    }
    #expect(im.allSatisfy { abs($0) < 0.02 })
  }
}
