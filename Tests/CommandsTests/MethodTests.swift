import Commands
import Lang
import TensorEngine
import Testing

extension CommandsTests {
  /// Methods and options as the language has them.
  @Suite struct MethodTests {
    /// Data by the names that printed lines use, and trainings that end after their first step.
    private func bench() throws -> Bench {
      let bench = try Bench(
        "noisy, truth = sample(\"cells\", size=32, noise=gaussian(25), seed=1)",
        "other = noise truth gaussian(25) seed=99")
      bench.session.keepsInterruptedWork = true
      let sink = bench.session.state(default: ProgressSink.init)
      sink.show = { if $0.task == "train" { Interrupt.raiseHere() } }
      return bench
    }

    @Test(arguments: [
      "auto", "auto target=other", "n2v", "n2v2", "structn2v", "n2s", "s2s", "r2r",
      "n2n target=other", "zsn2n", "supervised target=truth",
    ])
    func aMethodsLineTrainsTheSameBytes(method: String) throws {
      let folder = try WorkFolder()
      let bench = try bench()
      let name = method.split(separator: " ")[0]
      // What `auto` is follows from the target; other methods know theirs.
      let subject = method == "auto target=other" ? "noisy target=other" : "noisy"
      let line = try bench.run("method \(name) \(subject)")
      #expect(line.hasPrefix("train noisy ") && !line.contains("method="))
      // The very line, as it stands.
      try bench.run("a = \(line)")
      try bench.run("b = train noisy method=\(method)")
      try bench.run("save a \"a.safetensors\"; save b \"b.safetensors\"")
      let bytes = try folder.head("a.safetensors", 1 << 24)
      #expect(bytes.count > 1000)
      #expect(bytes == (try folder.head("b.safetensors", 1 << 24)))
    }

    /// What a value prints makes the same value again.
    @Test(arguments: [
      "bernoulli(0.2)", "recorrupt", "recorrupt(0.8, noise=25)",
      "recorrupt(noise=\"3/0:2;5:4|0.4:0.1|0.4:0.1&1,0.3&0.3,1\")",
      "percent(0.1, fill=interpolate)", "grid(3)", "blindspot(2, shape=box)",
      "pixels(1, manipulate=median, radius=2, per_channel=false)", "line(axis=y, length=7)",
      "structure([[0, 1, 0], [1, 1, 1], [0, 1, 0]], percent=2)",
      "0.5*mse + huber(0.3) - 0.1*tv(isotropic=true)", "charbonnier(0.01) + ssim_loss(range=2)",
      "l2 + tv2 + poisson_nll", "flips + rot90 + intensity(gain=0.2, offset=0)", "dihedral",
      "unet(depth=1, skips=add, last=tanh)", "self2self(levels=2, tail=[8, 4])", "dncnn(depth=3)",
      "hourglass1d(depth=2)", "single_conv(kernel=5)", "zsn2n_net(channels=8)",
      "chain(conv(4, 3), batch_norm, leaky(0.2), pool, up, dropout(0.1))",
      "adam(beta1=0.8, epsilon=1e-6)", "adamw", "radam(weight_decay=0.1)", "sgd(momentum=0.5)",
      "warmup(steps=10, then=step(every=3, factor=0.1))", "plateau(patience=3)", "cosine",
      "early_stop(patience=3)", "bm3d_filter(sigma=25)", "diffusion_filter(steps=2)",
    ])
    func aValuePrintsWhatMakesIt(text: String) throws {
      let bench = try Bench()
      let shown = try bench.run("x = \(text); print x")
      let line = String(shown.prefix { $0 != "\n" })
      #expect(try bench.run("y = \(line); print y") == shown)
    }

    @Test func whatAMethodSaysOfPredictionCanBeChanged() throws {
      let bench = try bench()
      try bench.run("net = train noisy predict={samples: 3, tta: false, mix: 0}")
      #expect(try bench.run("print net.options.predict").contains("samples: 3"))
      try bench.run("few = train noisy predict={tta: 3}")
      #expect(try bench.run("print few.options.predict").contains("tta: 3"))
      #expect(try bench.refusal("train noisy predict={tta: 0}").message.contains("tta"))
      #expect(try bench.refusal("predict net noisy mix=shells").message.contains("shells"))
      #expect(try bench.refusal("train noisy predict={passes: 3}").message.contains("passes"))
      #expect(try bench.refusal("train noisy predict={mix: 2}").message.contains("mix"))
    }

    /// A network that never saw data turned is not asked to.
    @Test func whatIsNotLearntTurnedIsNotPredictedTurned() throws {
      let bench = try bench()
      for (augment, tta) in [("none", "false"), ("flips", "false"), ("dihedral", "true")] {
        try bench.run("net = train noisy augment=\(augment)")
        #expect(try bench.run("print net.options.predict").contains("tta: \(tta)"), "\(augment)")
      }
    }

    /// Two exposures are learnt from each other, and what training found of their mixture is saved.
    @Test func pairsAreLearntByDefault() throws {
      let folder = try WorkFolder()
      defer { withExtendedLifetime(folder) {} }
      let bench = try Bench(
        "truth = sample(\"cells\", size=64)",
        "a = noise(truth, gaussian(25), seed=1)", "b = noise(truth, gaussian(25), seed=2)",
        "net = train a target=b epochs=2 steps=5 patch=32 seed=1",
        "save net \"pair.safetensors\"", "again = load \"pair.safetensors\"")
      #expect(try bench.run("print net.method") == "auto")
      #expect(try bench.run("print net.options.mask") == "none")
      #expect(try bench.run("print net.options.predict").contains("mix: \"shells\""))
      #expect(try bench.number("psnr(predict(net, a), predict(again, a), peak=255)") > 90)
      #expect(try bench.number("psnr(predict(net, a), predict(net, a, mix=0), peak=255)") < 90)
    }

    /// What is equal to the data teaches nothing, which is said.
    @Test func aTargetThatIsTheDataIsSpokenOf() throws {
      for (target, isSaid) in [("noisy", true), ("noisy + 1", false)] {
        let bench = try Bench("noisy = noise(sample(\"cells\", size=32), gaussian(25), seed=1)")
        try bench.run("train noisy target=\(target) epochs=1 steps=1")
        #expect(bench.notes.contains("learns to copy it") == isSaid)
      }
    }

    @Test func aTargetThatLiesElsewhereIsSpokenOf() throws {
      let bench = try Bench(
        "truth = sample(\"cells\", size=96)", "noisy = noise(truth, gaussian(10), seed=1)",
        "other = noise(concat([truth[:, 1:], truth[:, :1]], axis=\"x\"), gaussian(10), seed=2)",
        "train noisy target=other epochs=1 steps=1")
      #expect(bench.notes.contains("align"))
      let still = try Bench(
        "noisy, truth = sample(\"cells\", size=96, noise=gaussian(10), seed=1)",
        "other = noise(truth, gaussian(10), seed=2)", "train noisy target=other epochs=1 steps=1")
      #expect(!still.notes.contains("align"))
      // What shows nothing lies nowhere, and is no reason not to train.
      try still.run("train noisy target=0*noisy epochs=1 steps=1")
      #expect(!still.notes.contains("align"))
      #expect(
        try bench.number("psnr(align(other, to=noisy), truth, peak=255)")
          > bench.number("psnr(other, truth, peak=255)") + 1)
    }

    @Test func trainingKeepsToItsRegion() throws {
      let bench = try bench()
      try bench.run("net = train noisy region=[0..15, 8..31] patch=8")
      #expect(try bench.refusal("train noisy region=[0..32, 0..3]").message.contains("0..32"))
      #expect(try bench.refusal("train noisy region=[0..3]").message.contains("ranges"))
    }

    @Test func dataToValidateOnIsOfTheSameKind() throws {
      let bench = try Bench(
        "noisy, truth = sample(\"cells\", size=32, noise=gaussian(25), seed=1)",
        "other = sample(\"cells\", size=48, noise=gaussian(25), seed=2)[0]",
        "net = train noisy val_data=other epochs=2 steps=1 batch=1 patch=16")
      #expect(try bench.numbers("net.history.val_loss").allSatisfy { $0 > 0 })
      // It goes on with the same data.
      try bench.run("net = resume net epochs=3")
      #expect(try bench.numbers("net.history.val_loss").count == 3)
      let volume = "sample(\"tomogram\", size=[72, 32, 32])"
      #expect(
        try bench.refusal("train noisy val_data=\(volume)").message.contains("3-D"))
    }

    @Test func aTrainedModelGoesOnByItsOwnMethod() throws {
      let bench = try bench()
      try bench.run("net = train noisy method=n2s mask=grid(3)")
      try bench.run("again = train other model=net lr=last")
      #expect(try bench.run("print again.options.mask") == "grid(width=3, fill=interpolate)")
      #expect(try bench.run("print again.options.lr == net.options.lr") == "true")
    }

    /// A plateau has no end that a budget of time could set; a schedule that is asked for stays.
    @Test func aBudgetOfTimeFitsTheSchedule() throws {
      let bench = try Bench(
        "noisy = sample(\"cells\", size=64, noise=gaussian(25), seed=1)[0]",
        "fitted = train noisy method=n2v minutes=0.005 patch=32 batch=2 seed=1",
        "asked = train noisy method=n2v minutes=0.005 patch=32 batch=2 seed=1 schedule=constant",
        "mask = train noisy mask=pixels(percent=1) method=n2v minutes=0.005 patch=32 batch=2",
        "own = train noisy method=n2v minutes=0.005 patch=32 batch=2 model=unet(depth=1)",
        "whole = train noisy method=n2v epochs=1 steps=1 patch=32 batch=2 seed=1")
      #expect(try bench.number("fitted.history.lr[-1]") != 4e-4)
      #expect(try bench.number("asked.history.lr[-1]") == 4e-4)
      #expect(try bench.number("whole.history.lr[-1]") == 4e-4)
      for (net, percent) in [("fitted", "4"), ("asked", "0.2"), ("whole", "0.2"), ("mask", "1")] {
        #expect(try bench.run(net).contains("percent=\(percent),"), "\(net)")
      }
      for (net, fold) in [("fitted", "2"), ("asked", "1"), ("own", "1"), ("whole", "1")] {
        #expect(try bench.run(net).contains("unshuffle=\(fold),"), "\(net)")
      }
    }

    /// Maps of other voxels than the first's are resampled, and results are on their own grid.
    @Test func mapsTrainAtOneVoxelSize() throws {
      let folder = try WorkFolder()
      let bench = try Bench(
        "vol, truth = sample(\"tomogram\", size=[16, 32, 32], noise=gaussian(0.3), seed=1)",
        "small = bin(vol, 2)", "few = {epochs: 1, steps: 1, batch: 1, patch: 16, seed: 1}",
        "net = train [vol, small] target=[vol, small] normalize=voxel with=few",
        "save net \"\(folder.path)/net.safetensors\"",
        "known = load \"\(folder.path)/net.safetensors\"")
      #expect(try bench.run("print vol.voxel small.voxel") == "[10, 10, 10] [20, 20, 20]")
      #expect(try bench.run("print known.options.normalize") == "voxel")
      for net in ["net", "known"] {
        #expect(try bench.run("print predict(\(net), small).shape") == "[8, 16, 16]")
      }
      let difference = "predict(net, small) - predict(known, bin(vol, 2))"
      #expect(try bench.number("max(abs(\(difference)))") == 0)
      try bench.run("more = resume known data=[vol, small] target=[vol, small] epochs=2")
      #expect(try bench.run("print predict(more, small).voxel") == "[20, 20, 20]")
      let noVoxel = "train zeros([32, 32]) normalize=voxel"
      #expect(try bench.refusal(noVoxel).message.contains("voxel size"))
      #expect(try bench.refusal("normalize vol voxel").message.contains("its own voxel size"))
    }

    @Test func whatIsSaidWithoutTruthIsKept() throws {
      let bench = try Bench(
        "noisy, truth = sample(\"cells\", size=64, noise=gaussian(25), seed=1)",
        "net = train noisy epochs=2 steps=40 batch=2 patch=32 seed=1 predict={blend: \"none\"}",
        "said = net.judged")
      #expect(abs(try bench.number("said.noise") - 25) < 3)
      let psnr = try bench.number("psnr(predict(net, noisy), truth, peak=said.peak)")
      #expect(abs(try bench.number("said.blind_psnr") - psnr) < 2.5)
      #expect(bench.notes.contains("judged without truth"))
      #expect(try bench.number("said.removed") > 0.8)
    }

    @Test func channelsOfDifferentNoiseAreSpokenOf() throws {
      let bench = try bench()
      try bench.run("two = stack(noisy, truth + noise(0*truth, gaussian(2)), axis=c)")
      try bench.run("train two;")
      #expect(bench.notes.contains("channels have different noise"))
    }

    @Test func whatIsClaimedIsChecked() throws {
      let bench = try Bench("assert 1 < 2")
      #expect(try bench.refusal("assert 2 < 1").message.contains("2 < 1"))
      #expect(try bench.refusal("assert false \"no such luck\"").message == "no such luck")
    }
  }
}
