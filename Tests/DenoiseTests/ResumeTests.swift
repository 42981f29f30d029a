import Denoise
import TensorEngine
import Testing

/// A run that stopped and goes on is the run that did not stop, bit for bit.
@Suite struct ResumeTests {
  struct Variant: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let change: @Sendable (inout TrainingOptions) -> Void
  }

  static let variants = [
    Variant(testDescription: "plain") { _ in },
    Variant(testDescription: "plateau") {
      $0.schedule = .plateau(patience: 1, factor: 0.5)
      $0.stop = EarlyStop(patience: 100, minDelta: 0.02)
    },
    Variant(testDescription: "plateau, last kept") {
      $0.schedule = .plateau(patience: 1, factor: 0.5)
      $0.learningRate = 0.05
      $0.keep = .last
    },
    Variant(testDescription: "no validation") {
      $0.validation = 0
      $0.schedule = .plateau(patience: 1, factor: 0.5)
      $0.learningRate = 0.05
    },
    Variant(testDescription: "averaging, warm-up, steps") {
      $0.averaging = 0.95
      $0.schedule = .warmup(steps: 7, then: .step(every: 3, factor: 0.5))
    },
    Variant(testDescription: "early stop") {
      $0.learningRate = 0.05
      $0.stop = EarlyStop(patience: 3, minDelta: 0)
    },
    Variant(testDescription: "RAdam, dropout, copies") {
      $0.optimizer = Optimizer(.radam)
      $0.architecture = Network.unet { $0.dropout = 0.3 }
      $0.samples = 2
    },
  ]

  @Test(arguments: variants)
  func resumedRunEqualsTheWhole(variant: Variant) throws {
    let options = try Trainings.options {
      $0.epochs = 9
      variant.change(&$0)
    }
    let whole = try Trainings.train(options)
    for stop in [1, 3] {
      var short = options
      short.epochs = stop
      let model = try Trainings.train(short)
      let resumed = try Trainer(Trainings.data(), options, start: model, resume: true).run()
      #expect(Trainings.trace(resumed) == Trainings.trace(whole), "after \(stop) epochs")
    }
  }

  @Test func interruptGivesAModelThatPredictsAndGoesOn() async {
    await #expect(processExitsWith: .success) {
      let data = try Trainings.data()
      let noisy = try Trainings.picture().noisy
      for keep in TrainingOptions.Keep.allCases {
        let options = try Trainings.options {
          $0.keep = keep
          $0.averaging = 0.9
          $0.schedule = .warmup(steps: 7, then: .cosine)
        }
        let whole = try Trainings.train(options)
        // In the midst of an epoch, at its end, and before the first is done.
        for stop in [8, 10, 2] {
          let broken = try Trainer(data, options).run { report in
            if (report.epoch - 1) * report.steps + report.step == stop { Interrupt.raiseHere() }
          }
          Interrupt.clear()
          #expect(broken.progress.ended == .interrupted)
          #expect(broken.progress.step == stop)
          let predicted = try Predictor(broken).predict(noisy).image
          #expect(predicted.shape == noisy.shape)
          #expect(predicted.tensor.values.allSatisfy { $0.isFinite })
          let resumed = try Trainer(data, options, start: broken, resume: true).run()
          #expect(resumed.progress.ended == .finished)
          #expect(Trainings.trace(resumed) == Trainings.trace(whole), "\(keep), after \(stop)")
        }
      }
    }
  }
}
