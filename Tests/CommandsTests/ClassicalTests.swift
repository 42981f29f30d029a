import Lang
import TensorEngine
import Testing

extension CommandsTests {
  /// Classical denoisers as values, their calibration, and what is judged without truth.
  @Suite struct ClassicalTests {
    private func bench() throws -> Bench {
      try Bench("noisy, truth = sample(\"cells\", size=64, noise=gaussian(25), seed=1)")
    }

    @Test func denoisersShowHowTheyAreSet() throws {
      let bench = try bench()
      #expect(try bench.run("median_filter(radius=2)") == "median_filter(radius=2)")
      #expect(try bench.run("median_filter(radius=1..5)") == "median_filter(radius=1..5)")
      #expect(
        try bench.run("tv_filter(weight=[5, 10])") == "tv_filter(weight=[5, 10], iterations=200)")
    }

    @Test func settingsAreCheckedWhereTheyAreGiven() throws {
      let bench = try bench()
      #expect(try bench.refusal("median_filter(radius=1.5)").message.contains("whole number"))
      #expect(try bench.refusal("gaussian_filter(sigma=[1, -1])").message.contains("sigma"))
      #expect(try bench.refusal("median_filter(radius=\"a\")").message.contains("a number"))
      let several = try bench.refusal("denoise noisy median_filter(radius=1..5)")
      #expect(several.hint.contains("calibrate"))
      #expect(try bench.refusal("calibrate noisy median_filter(2)").hint.contains("range"))
    }

    @Test func everyDenoiserBeatsItsInput() throws {
      let bench = try bench()
      let before = try bench.number("psnr noisy truth peak=255")
      for name in [
        "gaussian_filter", "median_filter", "tv_filter", "wavelet_filter", "nlm_filter",
        "bilateral_filter", "bm3d_filter",
      ] {
        let after = try bench.number("psnr (denoise noisy \(name)) truth peak=255")
        #expect(after > before + 2, "\(name)")
      }
    }

    /// Colours that are alike but for their noise help each other.
    @Test(arguments: ["nlm_filter(h=15, sigma=25)", "bilateral_filter(sigma_value=60)"])
    func coloursAreDenoisedTogether(denoiser: String) throws {
      let bench = try Bench(
        "truth = sample(\"cells\", size=48, seed=1)",
        "three = stack(truth, truth, truth, axis=c)", "noisy = noise three gaussian(25) seed=2",
        "together = denoise noisy \(denoiser)", "apart = denoise noisy[0] \(denoiser)")
      let alone = try bench.number("psnr apart truth peak=255")
      #expect(try bench.number("psnr together[0] truth peak=255") > alone + 0.5)
    }

    @Test func aMatrixIsDenoisedAmongItsRows() throws {
      let bench = try Bench(
        "truth = sample(\"counts\", size=[120, 60], seed=1)",
        "noisy = noise truth poisson(truth.max) seed=2",
        "walk = calibrate noisy diffusion_filter(steps=1..4) rounds=2",
        "rank = calibrate noisy pca_filter(rank=1..8) rounds=2")
      let before = try bench.number("nrmse noisy truth")
      #expect(try bench.number("nrmse walk.image truth") < 0.6 * before)
      #expect(try bench.number("nrmse rank.image truth") < 0.6 * before)
    }

    @Test func calibrationGivesBackDenoiserTableAndImage() throws {
      let bench = try bench()
      try bench.run("best = calibrate noisy median_filter(radius=1..4)")
      let table = try bench.table("best.table")
      #expect(table.names == ["radius", "loss"])
      #expect(table.rowCount == 4)
      #expect(
        try bench.number("max(abs(best.image - (denoise noisy best.denoiser)))") == 0)
      // The radius that was chosen has the least loss.
      let losses = try bench.numbers("best.table.loss")
      let least = try #require(losses.min())
      let radius = try #require(losses.firstIndex(of: least)) + 1
      #expect(try bench.run("best.denoiser") == "median_filter(radius=\(radius))")
    }

    @Test func calibrationChoosesWhatTruthWouldChoose() throws {
      let bench = try bench()
      try bench.run("best = calibrate noisy gaussian_filter(sigma=0.4..2.4 step 0.4) rounds=4")
      try bench.run(
        "scores = map(fn(s) = psnr(denoise(noisy, gaussian_filter(s)), truth), best.table.sigma)")
      let scores = try bench.numbers("scores")
      let losses = try bench.numbers("best.table.loss")
      let byTruth = try #require(scores.firstIndex(of: scores.max() ?? 0))
      let byBlindness = try #require(losses.firstIndex(of: losses.min() ?? 0))
      #expect(abs(byTruth - byBlindness) <= 1)
      #expect(scores[byBlindness] > scores[byTruth] - 0.2)
    }

    @Test func blindPSNRIsNearThePSNR() throws {
      let bench = try bench()
      for denoiser in ["gaussian_filter(1)", "median_filter(1)", "(fn(x) = lowpass(x, 0.15))"] {
        try bench.run("method_used = \(denoiser)")
        let blind = try bench.number(
          "blind_psnr noisy \(denoiser) sigma=25 peak=255 rounds=8")
        let result =
          denoiser.contains("fn") ? "method_used(noisy)" : "(denoise noisy method_used)"
        let real = try bench.number("psnr \(result) truth peak=255")
        #expect(abs(blind - real) < 1.5, "\(denoiser)")
      }
      #expect(try bench.value("blind_psnr noisy gaussian_filter(1) sigma=1000").isNone)
      #expect(bench.notes.contains("explains"))
      #expect(
        try bench.refusal("blind_psnr noisy (fn(x) = 1)").message.contains("not an image"))
    }

    /// Noise of counting is told from brightness, and taken off on a scale where it is alike.
    @Test func countingNoiseIsStabilised() throws {
      let bench = try Bench(
        "noisy, truth = sample(\"cells\", size=128, noise=poisson(4), seed=1)")
      let plain = try bench.number("psnr (denoise noisy bm3d_filter) truth peak=255")
      let even = try bench.number("psnr (denoise noisy bm3d_filter stabilize=true) truth peak=255")
      #expect(even > plain + 0.5)
      try bench.run("best = calibrate noisy bm3d_filter([0.3, 1, 3]) stabilize=true")
      #expect(try bench.number("num(split(split(str(best.denoiser), \"=\")[1], \",\")[0])") == 1)
      #expect(try bench.number("psnr best.image truth peak=255") == even)
      let refused = try bench.refusal("denoise zeros(16, 16) bm3d_filter stabilize=true")
      #expect(refused.message.contains("no noise"))
    }

    @Test func whitenessTellsNoiseFromStructure() throws {
      let bench = try bench()
      try bench.run("noise_left = whiteness noisy - truth")
      #expect(try bench.number("noise_left.largest") < 0.1)
      #expect(try bench.number("abs((whiteness noisy).largest)") > 0.3)
      let table = try bench.table("whiteness noisy - truth distance=3")
      #expect(table.names == ["distance", "y", "x"])
      #expect(table.rowCount == 4)
      #expect(try bench.refusal("whiteness noisy distance=64").message.contains("64"))
    }

    @Test func signalsVolumesAndStacksAreDenoised() throws {
      let bench = try Bench(
        "line = randn(200, seed=1)", "vol = randn(12, 14, 16, seed=1)",
        "pile = stack vol[0] vol[1]")
      for name in ["line", "vol", "pile"] {
        for denoiser in ["gaussian_filter", "median_filter(1)", "nlm_filter", "tv_filter"] {
          let ratio = try bench.number("std(denoise(\(name), \(denoiser))) / std(\(name))")
          #expect(ratio < 0.9, "\(denoiser) of \(name)")
        }
      }
      #expect(try bench.refusal("denoise line bm3d_filter").hint.contains("nlm_filter"))
    }
  }
}
