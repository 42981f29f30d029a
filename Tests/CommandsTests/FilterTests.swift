import Lang
import TensorEngine
import Testing

extension CommandsTests {
  /// Filters in Fourier space, shell correlation, and the transforms themselves.
  @Suite struct FilterTests {
    /// Waves of 4 and of 16 periods over 64 pixels of 2 A: frequencies 1/32 and 1/8 per A.
    private func bench() throws -> Bench {
      let bench = try Bench()
      func wave(_ periods: Double) throws -> Image {
        let tensor = Tensor(shape: [32, 64]) {
          Float(Elementary.cos(2 * Double.pi * periods * Double($0 % 64) / 64))
        }
        return try Image(tensor, voxel: [2, 2], unit: "A")
      }
      bench.session["slow"] = .image(try wave(4))
      bench.session["fast"] = .image(try wave(16))
      return bench
    }

    @Test func sharpFiltersSeparateWaves() throws {
      let bench = try bench()
      for filter in [
        "lowpass both 0.05 shape=sharp", "lowpass both 20 by=resolution shape=sharp",
        "lowpass both 0.2 by=nyquist shape=sharp",
      ] {
        try bench.run("both = 5 + slow + fast")
        #expect(try bench.number("max(abs((\(filter)) - slow - 5))") < 1e-4, "\(filter)")
      }
      #expect(try bench.number("max(abs((highpass both 0.05 shape=sharp) - fast))") < 1e-4)
      #expect(try bench.number("max(abs((bandpass both 0.01 0.05 shape=sharp) - slow))") < 1e-4)
      #expect(
        try bench.number("max(abs((bandpass both 100 20 by=resolution shape=sharp) - slow))") < 1e-4
      )
    }

    @Test func halfThePowerIsLeftAtTheCutoff() throws {
      let bench = try bench()
      for shape in ["butterworth", "gaussian"] {
        for kind in ["lowpass", "highpass"] {
          let ratio = try bench.number("std(\(kind)(slow, 1/32, shape=\(shape))) / std(slow)")
          #expect(abs(ratio * ratio - 0.5) < 1e-3, "\(kind) \(shape)")
        }
      }
    }

    @Test func samplesAreFilteredAlone() throws {
      let bench = try bench()
      let result = try bench.number(
        "max(abs((lowpass (stack slow fast) 0.05)[1] - lowpass(fast, 0.05)))")
      #expect(result < 1e-6)
    }

    @Test func emptyBandsAreRefused() throws {
      let bench = try bench()
      #expect(try bench.refusal("bandpass slow 0.2 0.1").message.contains("band is empty"))
      #expect(
        try bench.refusal("bandpass slow 20 100 by=resolution").hint.contains("larger length"))
      #expect(try bench.refusal("lowpass slow 0").message.contains("above 0"))
    }

    @Test func transformsAgreeWithTheirDefinition() throws {
      let bench = try Bench("x = full([5], [1, 2, -1, 0, 3])", "f = fft(x)")
      let spectrum = try bench.image("f")
      #expect(spectrum.axes == "CX")
      #expect(spectrum.channels == ["re", "im"])
      for k in 0..<5 {
        var (re, im) = (0.0, 0.0)
        for (n, x) in [1.0, 2, -1, 0, 3].enumerated() {
          let angle = -2 * Double.pi * Double(k * n) / 5
          re += x * Elementary.cos(angle)
          im += x * Elementary.sin(angle)
        }
        #expect(abs(Double(spectrum.tensor.values[k]) - re) < 1e-5)
        #expect(abs(Double(spectrum.tensor.values[5 + k]) - im) < 1e-5)
      }
    }

    @Test func inverseUndoesTheTransform() throws {
      let bench = try Bench("x = randn(3, 7, 12, 10, seed=1)")
      #expect(try bench.number("max(abs(ifft(fft(x)) - x))") < 1e-4)
      #expect(try bench.image("ifft(fft(x), complex=true)").shape == [2, 3, 7, 12, 10])
      #expect(try bench.refusal("ifft(x)").hint.contains("fft"))
      #expect(try bench.refusal("fft(zeros(3, 4, 4, axes=\"CYX\"))").hint.contains("c=0"))
    }

    @Test func alikeImagesCorrelateInEveryShell() throws {
      let bench = try Bench("a = randn(24, 24, 24, seed=1)", "b = randn(24, 24, 24, seed=2)")
      #expect(try bench.numbers("(fsc a a).fsc").allSatisfy { abs($0 - 1) < 1e-6 })
      let curve = try bench.table("fsc a b")
      #expect(curve.rowCount == 12)
      // Of independent noise, the shells from the fifth on hold hundreds of coefficients.
      #expect(try bench.numbers("(fsc a b).fsc[5:]").allSatisfy { abs($0) < 0.2 })
      #expect(try bench.refusal("fsc a (a[0])").message.contains("shape"))
    }

    /// The same signal up to a quarter of Nyquist (8 pixels), noise everywhere.
    @Test func resolutionIsWhereSignalEnds() throws {
      let bench = try Bench(
        "signal = 30 * lowpass(randn(32, 32, 32, seed=1), 0.25, by=nyquist, shape=sharp)",
        "a = signal + randn(32, 32, 32, seed=2)", "b = signal + randn(32, 32, 32, seed=3)")
      for threshold in [0.5, 0.143] {
        let length = try bench.number("(fsc a b).at(\(threshold))")
        #expect(length > 6.3 && length < 8.01)
      }
      #expect(try bench.number("(fsc a a).at(0.5)") == 2)
      #expect(try bench.value("(fsc a (-a)).at(0.5)").isNone)
      #expect(try bench.refusal("(fsc a b).at(\"x\")").message.contains("threshold"))
    }

    @Test func maskedCorrelationSeesTheInsideAlone() throws {
      let bench = try Bench(
        "a = randn(16, 16, 16, seed=1)", "b = randn(16, 16, 16, seed=2)",
        "inside = zeros(16, 16, 16)", "inside[4:12, 4:12, 4:12] = 1",
        "c = where(inside, a, b)")
      #expect(try bench.numbers("(fsc a c mask=inside).fsc").allSatisfy { abs($0 - 1) < 1e-5 })
      #expect(try bench.number("mean((fsc a c).fsc)") < 0.7)
    }
  }
}
