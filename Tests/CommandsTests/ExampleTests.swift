import Commands
import Lang
import TensorEngine
import Testing

extension CommandsTests {
  /// Every line that help shows runs, with the names that such lines use.
  @Suite struct ExampleTests {
    /// Makes the names: a noisy picture, its truth, another exposure, something denoised, a volume, a trained model.
    private static func prepared() throws -> Bench {
      let bench = try Bench(
        "noisy, truth = sample(\"cells\", size=40, noise=gaussian(25), seed=1)",
        "other = noise truth gaussian(25) seed=2", "clean = denoise noisy gaussian_filter(1)",
        "vol = sample(\"tomogram\", size=[72, 32, 32])")
      endTrainingAfterOneStep(bench)
      try bench.run("net = train noisy method=n2s model=single_conv batch=1 patch=16 epochs=2")
      return bench
    }

    /// As if Ctrl-C were pressed at the first sign of life.
    private static func endTrainingAfterOneStep(_ bench: Bench) {
      bench.session.keepsInterruptedWork = true
      let sink = bench.session.state(default: ProgressSink.init)
      sink.show = { if $0.task == "train" { Interrupt.raiseHere() } }
    }

    @Test func everyExampleOfACommandRuns() throws {
      let folder = try WorkFolder()
      try folder.write("epochs: 2\nbatch: 1\npatch: 16\n", to: "inputs.yaml")
      let start = try Self.prepared()
      try start.run("save vol \"map.mrc\"")
      try folder.makeProject(start)
      let names = start.session.variableNames.filter { $0 != "args" }
      for command in CommandList.all {
        let bench = try Bench()
        for name in names { bench.session[name] = start.session[name] }
        Self.endTrainingAfterOneStep(bench)
        for example in command.examples {
          try folder.enter()
          do {
            try bench.run(example.line)
          } catch let refused as Refused {
            Issue.record("\(command.name): \(example.line): \(refused.message) \(refused.hint)")
          }
        }
      }
    }

    @Test func everyExampleOfAFunctionRuns() throws {
      let start = try Self.prepared()
      for function in start.session.catalogue.builtins {
        for example in function.examples {
          do {
            try start.run(example.line)
          } catch let refused as Refused {
            Issue.record("\(function.name): \(example.line): \(refused.message) \(refused.hint)")
          }
        }
      }
    }

    /// Names and summaries keep to one form, and no name stands for two things.
    @Test func commandsAreDeclaredInOneForm() throws {
      let bench = try Bench()
      let names = bench.session.catalogue.names
      #expect(Set(names).count == names.count)
      for command in bench.session.catalogue.commands {
        #expect(!command.summary.hasSuffix("."), "\(command.name)")
        #expect(command.parameters.allSatisfy { !$0.help.isEmpty }, "\(command.name)")
      }
    }
  }
}
