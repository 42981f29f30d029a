import Denoise
import TensorEngine
import Testing

@Suite struct TrainingTests {
  @Test func sameSeedSameBytes() throws {
    let options = try Trainings.options { $0.averaging = 0.9 }
    let first = try Trainings.train(options)
    let again = try Trainings.train(options)
    #expect(Trainings.trace(first) == Trainings.trace(again))
    let other = try Trainings.train(Trainings.options { $0.seed = 12 })
    #expect(first.parameters.values != other.parameters.values)
  }

  @Test func threadsDoNotChangeABit() async {
    await #expect(processExitsWith: .success) {
      let noisy = try Trainings.picture().noisy
      func result(threads: Int) throws -> ([[Double]], Tensor) {
        Parallel.threads = threads
        let model = try Trainings.train(Trainings.options { $0.averaging = 0.9 })
        var options = PredictionOptions()
        options.mode = .dropout
        options.samples = 3
        return (Trainings.trace(model), try Predictor(model, options).predict(noisy).image.tensor)
      }
      let (one, two) = (try result(threads: 1), try result(threads: 2))
      #expect(one.0 == two.0)
      #expect(one.1 == two.1)
    }
  }

  @Test func lossFalls() throws {
    let model = try Trainings.train(
      Trainings.options {
        $0.epochs = 30
        $0.steps = 3
      })
    let losses = model.history.map(\.loss)
    let judged = model.history.compactMap(\.validation)
    #expect(losses.count == 30 && judged.count == 30)
    // The noise alone is a fifth of the data's variance of one.
    #expect(losses[0] > 0.6, "\(losses)")
    #expect(losses.suffix(5).reduce(0, +) / 5 < 0.4, "\(losses)")
    #expect(judged[29] < 0.6 * judged[0], "\(judged)")
  }

  @Test func bestAndLastAreWhatTheySay() throws {
    // A rate so high that the validation loss goes up and down.
    let best = try Trainings.train(
      Trainings.options {
        $0.learningRate = 0.05
        $0.epochs = 8
      })
    let last = try Trainings.train(
      Trainings.options {
        $0.learningRate = 0.05
        $0.epochs = 8
        $0.keep = .last
      })
    let judged = best.history.compactMap(\.validation)
    let lowest = try #require(judged.indices.min { judged[$0] < judged[$1] })
    #expect(best.best?.epoch == lowest + 1)
    #expect(last.best?.epoch == 8)
    #expect(last.parameters.values == last.progress.last)
    #expect(best.progress.last == last.progress.last)
    let short = try Trainings.train(
      Trainings.options {
        $0.learningRate = 0.05
        $0.epochs = lowest + 1
        $0.keep = .last
      })
    #expect(short.parameters.values == best.parameters.values)
  }

  @Test func averagingPredictsWithTheAverage() throws {
    let plain = try Trainings.train(Trainings.options { $0.keep = .last })
    let averaged = try Trainings.train(
      Trainings.options {
        $0.keep = .last
        $0.averaging = 0.99
      })
    #expect(averaged.progress.last == plain.progress.last)
    #expect(averaged.progress.average == averaged.parameters.values)
    #expect(averaged.parameters.values != plain.parameters.values)
  }

  @Test func plateauLowersTheRateAndEarlyStopEnds() throws {
    // No loss is ever lower by a thousand.
    let plateau = try Trainings.train(
      Trainings.options {
        $0.epochs = 7
        $0.schedule = .plateau(patience: 2, factor: 0.5)
        $0.stop = EarlyStop(patience: 100, minDelta: 1000)
      })
    #expect(plateau.history.map { $0.learningRate / 5e-3 } == [1, 1, 1, 0.5, 0.5, 0.25, 0.25])
    let stopped = try Trainings.train(
      Trainings.options {
        $0.epochs = 50
        $0.stop = EarlyStop(patience: 3, minDelta: 1000)
      })
    #expect(stopped.progress.ended == .early)
    #expect(stopped.history.count == 4)
  }

  @Test func aBudgetOfTimeEnds() throws {
    let model = try Trainings.train(
      Trainings.options {
        $0.minutes = 1.0 / 120
        $0.schedule = .cosine
        $0.steps = 1_000_000
      })
    #expect(model.progress.ended == .finished)
    #expect(model.history.count == 1)
    #expect(model.progress.step > 0 && model.progress.step < 1_000_000)
    // The schedule was fitted to the time: its end is near zero.
    #expect(try #require(model.history.last).learningRate < 2.5e-3)
  }

  @Test func explosionSaysWhatToDo() throws {
    let options = try Trainings.options {
      $0.architecture = Network.unet()
      $0.optimizer = Optimizer(.sgd)
      $0.learningRate = 1e12
    }
    let error = #expect(throws: DenoiseError.self) { try Trainings.train(options) }
    #expect(
      error?.message.hasPrefix("the loss is not a number any more, at epoch 1, step ") == true)
    #expect(error?.hint == "lower the learning rate (`lr=`) or clip the gradient (`clip=1`)")
  }

  @Test func refusalOfMemoryNamesABatchThatFits() throws {
    let limit = 2_000_000
    let options = try Trainings.options {
      $0.batch = 64
      $0.memory = limit
    }
    let error = try #require(throws: DenoiseError.self) { try Trainings.train(options) }
    #expect(error.message.contains("the limit is 2 MB"), "\(error)")
    let hint = try #require(error.hint)
    let number = try #require(hint.split(whereSeparator: { "= ".contains($0) }).dropFirst().first)
    let batch = try #require(Int(number))
    #expect(batch < 64)
    _ = try Trainings.train(
      Trainings.options {
        $0.batch = batch
        $0.memory = limit
        $0.epochs = 1
      })
    let tiny = #expect(throws: DenoiseError.self) {
      try Trainings.train(Trainings.options { $0.memory = 1000 })
    }
    #expect(tiny?.hint == "take a smaller `patch` or a smaller network")
  }

  @Test func wrongOptionsAreRefused() throws {
    func refusal(_ change: (inout TrainingOptions) throws -> Void) throws -> String? {
      let options = try Trainings.options(change)
      return #expect(throws: DenoiseError.self) { try Trainings.train(options) }?.message
    }
    #expect(
      try refusal { $0.mask = nil } == "without a mask the network would learn to copy its input")
    #expect(try refusal { $0.target = .pair } == "`n2v` needs a target")
    #expect(try refusal { $0.learningRate = 0 } == "`lr` must be above 0, not 0")
    #expect(try refusal { $0.batch = 0 } == "`batch`, `samples` and `epochs` are 1 or more")
    #expect(try refusal { $0.validation = 1 } == "`val` is a share from 0 up to 1, not 1")
    #expect(try refusal { $0.patch = [8, 8, 8] } == "`patch` gives 3 sides for data of 2 axes")
    #expect(try refusal { $0.patch = [-3] } == "a patch side of -3")
  }

  @Test func anotherNetworkIsNoStart() throws {
    let model = try Trainings.train(Trainings.options { $0.epochs = 1 })
    let error = #expect(throws: DenoiseError.self) {
      try Trainer(
        Trainings.data(), Trainings.options { $0.architecture = Network.unet { $0.depth = 2 } },
        start: model)
    }
    #expect(error?.message.hasPrefix("the model to start from has another network") == true)
  }
}
