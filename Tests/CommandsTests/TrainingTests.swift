import Lang
import Testing

extension CommandsTests {
  /// What a script trains, through the language.
  @Suite struct TrainingTests {
    private static let charbonnier =
      "def charb(pred, target, mask) = sum(sqrt((pred - target)^2 + 1e-3) * mask) / sum(mask)"

    @Test func theGradientOfAUsersLossIsThatOfDifferences() throws {
      let bench = try Bench(
        Self.charbonnier,
        """
        x = full([2, 3], [0.3, -1, 2, 0.5, 0, 1])
        t = full([2, 3], [0.1, 0.2, 0.3, 0.4, 0.5, 0.6])
        m = full([2, 3], [1, 0, 1, 1, 0, 1])
        g = grad(fn(p) = charb(p, t, m), x)
        h = 1e-2
        worst = 0
        largest = 0
        for y in 0..1 { for k in 0..2 {
          d = zeros([2, 3])
          d[y, k] = h
          slope = (charb(x + d, t, m) - charb(x - d, t, m)) / (2 * h)
          worst = max(worst, abs(slope - g[y, k]))
          largest = max(largest, abs(slope))
        } }
        """)
      #expect(try bench.run("print worst < 1e-3 largest > 0.1") == "true true")
    }

    @Test func aUsersLossTrains() throws {
      let bench = try Bench(
        Self.charbonnier, "noisy, truth = sample(\"cells\", noise=gaussian(25), seed=1, size=64)",
        "net = train noisy loss=charb + 0.01*tv epochs=2 steps=25 batch=2 patch=32 seed=1")
      #expect(try bench.run("print net.history.charb[1] < net.history.charb[0]") == "true")
      #expect(
        try bench.run("print psnr(predict(net, noisy), truth) > psnr(noisy, truth) + 5") == "true")
    }

    @Test func theSameScriptWritesTheSameBytes() throws {
      let folder = try WorkFolder()
      for name in ["a", "b"] {
        _ = try Bench(
          "noisy = sample(\"cells\", noise=gaussian(25), seed=1, size=64)[0]",
          "net = train noisy epochs=1 steps=4 batch=2 patch=32 seed=2",
          "save net \"\(name).safetensors\"",
          "slice predict(net, noisy, samples=3) to=\"\(name).png\"")
      }
      #expect(try folder.head("a.safetensors", 1 << 24) == folder.head("b.safetensors", 1 << 24))
      #expect(try folder.head("a.png", 1 << 20) == folder.head("b.png", 1 << 20))
    }

    @Test func aSavedModelPredictsTheSame() throws {
      let folder = try WorkFolder()
      let bench = try Bench(
        "noisy = sample(\"cells\", noise=gaussian(25), seed=1, size=64)[0]",
        "net = train noisy epochs=1 steps=4 batch=2 patch=32 seed=2",
        "save net \"net.safetensors\"",
        "again = load \"net.safetensors\"")
      try #require(!folder.head("net.safetensors", 8).isEmpty)
      let same = "max(abs(predict(net, noisy) - predict(again, noisy))) == 0"
      #expect(try bench.run("print \(same)") == "true")
    }

    @Test func aChainOfOnesOwnIsSavedAndLoaded() throws {
      let folder = try WorkFolder()
      let bench = try Bench(
        "noisy = sample(\"cells\", noise=gaussian(25), seed=1, size=32)[0]",
        "net = train noisy model=chain(conv(6, 3), relu, pool, conv(6, 3), leaky(0.2), up) "
          + "epochs=1 steps=2 batch=2 patch=16 seed=2",
        "save net \"chain.safetensors\"", "again = load \"chain.safetensors\"")
      try #require(!folder.head("chain.safetensors", 8).isEmpty)
      let same = "max(abs(predict(net, noisy) - predict(again, noisy))) == 0"
      #expect(try bench.run("print \(same)") == "true")
    }

    @Test func aLossThatIsNoNumberIsRefused() throws {
      let bench = try Bench(
        "def wrong(pred, target, mask) = (pred - target)^2",
        "noisy = sample(\"cells\", noise=gaussian(25), size=64)[0]")
      #expect(try bench.refusal("train noisy loss=wrong epochs=1").message.contains("wrong"))
    }
  }
}
