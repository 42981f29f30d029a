import Lang
import TensorEngine
import Testing

extension CommandsTests {
  /// `conv` and `grad`.
  @Suite struct FunctionTests {
    @Test func convolutionIsThatOfNumPy() throws {
      let bench = try Bench()
      // np.convolve(…, "same")
      #expect(try bench.image("conv([1, 2, 3, 4], [1, 1])").tensor.values == [1, 3, 5, 7])
      #expect(try bench.image("conv([1, 2, 3, 4], [1, 0, -1])").tensor.values == [2, 2, 2, -3])
      #expect(
        try bench.image("conv([1, 2, 3, 4, 5], [1, 2, 3, 4])").tensor.values == [4, 10, 20, 30, 34])
    }

    @Test func kernelsReachOverTheLastAxesOfSpace() throws {
      let bench = try Bench("x = randn(3, 5, 6, 7, seed=1)")
      // A kernel of one element in the middle changes nothing, whatever its axes.
      for kernel in ["[0, 1, 0]", "[[0, 0, 0], [0, 1, 0], [0, 0, 0]]"] {
        #expect(try bench.number("max(abs(conv(x, \(kernel)) - x))") == 0)
      }
      // Along y alone: a column as a kernel.
      #expect(
        try bench.number(
          "max(abs(conv(x, [[0], [0], [1]])[:, :, 1:] - x[:, :, :-1]))") == 0)
      #expect(try bench.refusal("conv([1, 2], [[1, 2], [3, 4]])").message.contains("does not fit"))
    }

    @Test func channelsAreConvolvedAlone() throws {
      let bench = try Bench(
        "x = full([2, 3, 3], 1, axes=\"CYX\")", "y = conv(x, [[1, 1, 1], [1, 1, 1], [1, 1, 1]])")
      let values = try bench.image("y").tensor.values
      #expect(Array(values[0..<9]) == [4, 6, 4, 6, 9, 6, 4, 6, 4])
      #expect(Array(values[9..<18]) == Array(values[0..<9]))
    }

    @Test func gradientsAgreeWithDifferences() throws {
      let bench = try Bench(
        "x = 2 + rand(4, 5, seed=1)", "k = [[0.5, -1, 0.25], [2, 0, 1], [1, 1, -1]]",
        "def f(x) = mean(log(x) * conv(x, k)^2) + sum(x[1:, :] * x[:-1, :]) + std(x)",
        "g = grad(f, x)")
      let slope = try bench.image("g")
      for place in [0, 7, 19] {
        try bench.run(
          "up = x; up[\(place / 5), \(place % 5)] = x[\(place / 5), \(place % 5)] + 0.01")
        try bench.run(
          "down = x; down[\(place / 5), \(place % 5)] = x[\(place / 5), \(place % 5)] - 0.01")
        let measured = try bench.number("(f(up) - f(down)) / 0.02")
        let found = Double(slope.tensor.values[place])
        #expect(abs(measured - found) < 0.02 * max(1, abs(found)))
      }
    }

    @Test func gradientsOfNumbersAndOfConstants() throws {
      let bench = try Bench("x = randn(3, 3, seed=1)")
      #expect(try bench.number("grad(fn(x) = x^3, 2)") == 12)
      #expect(try bench.number("max(abs(grad(fn(x) = 5, x)))") == 0)
      #expect(try bench.refusal("grad(fn(x) = x * 2, x)").hint.contains("mean"))
      #expect(try bench.refusal("grad(fn(x) = \"a\", x)").message.contains("a string"))
      #expect(try bench.refusal("grad(fn(x) = sum(fft(x)), x)").message.contains("no gradient"))
      #expect(
        try bench.refusal("grad(fn(x) = sum(grad(fn(y) = sum(y), x)), x)").hint.contains("write"))
    }
  }
}
