import TensorEngine

/// Trains a network. All methods are this one loop, with four parts that differ: what the net
/// sees, where the loss looks, the net, and how a prediction is made. The three lines that make
/// it self-supervised are in `WrittenStep`.
public final class Trainer {
  let options: TrainingOptions
  private let data: TrainingData
  /// The mask with what it knows of the data.
  private let mask: (any Mask)?
  private let scale: IntensityScale
  let maker: BatchMaker
  private let shares: ResultShares
  /// Seconds of training; nil where epochs are counted.
  private let budget: Double?
  /// One list, or as many lists of the same patches as there are passes to average.
  private let validation: [[Batch]]
  let step: TrainingStep
  /// Plans that compute the loss alone, or the prediction where passes are averaged, by the size of
  /// the batch: that of training, and the rest.
  private var judges: [Int: Plan] = [:]
  private var progress: TrainingProgress
  private var history: [EpochRecord]
  private var best: (record: EpochRecord, parameters: [Float])?
  private let judged: ParameterBuffer

  /// What an observer is told after each step.
  public struct Report: Sendable {
    public let epoch: Int
    public let epochs: Int?
    public let step: Int
    public let steps: Int
    /// Share of the run that is done, 0 to 1.
    public let done: Double
    public let loss: Double
    public let best: Double?
    public let seconds: Double
    /// Set at the end of an epoch.
    public let record: EpochRecord?
  }

  /// - Parameters:
  ///   - validation: data to validate on; a share of `data` is kept where nil.
  ///   - start: a trained model to start from: its parameters, and where `resume` all of its
  ///     state, so that the run goes on as if it had not stopped.
  /// - Throws: `DenoiseError` or `TensorError` where options and data do not fit, or the step does
  ///   not fit in memory.
  public init(
    _ data: TrainingData, _ options: TrainingOptions, validation other: TrainingData? = nil,
    start: TrainedModel? = nil, resume: Bool = false
  ) throws {
    if let other { try Trainer.check(other, beside: data) }
    try Trainer.check(options, data)
    scale = try start?.scale ?? data.scale(options.normalization)
    self.options = options
    self.data = try data.scaled(by: scale)
    mask = try options.mask?.fitted(to: data)
    var fitted = options
    fitted.mask = mask?.scaled(by: scale)
    let kept = try Validation(self.data, fitted, other: other?.scaled(by: scale))
    let shares = try ResultShares(data, options, heldOut: kept.heldOut)
    self.shares = shares
    budget = options.minutes.map { $0 * 60 - shares.seconds - data.secondsOfNoise }
    maker = try BatchMaker(self.data, fitted, heldOut: kept.heldOut)
    validation = try kept.batches(of: options.batch, maker.padding)

    let shape = [options.batch, data.channels] + maker.space
    let training = try WrittenStep(options, shape: shape, training: true)
    try training.check(fits: options.memory ?? SystemMemory.available)
    let parameters =
      start?.parameters ?? Parameters(layout: training.trace.layout, seed: options.seed)
    guard parameters.layout.entries.map(\.shape) == training.trace.layout.entries.map(\.shape)
    else {
      throw DenoiseError(
        "the model to start from has another network or other channels than `\(options.architecture.text)`"
      )
    }
    let buffer = try ParameterBuffer(
      Parameters(layout: training.trace.layout, values: parameters.values))
    step = try TrainingStep(
      training.trace, inputs: training.inputs, loss: training.loss, watched: training.terms,
      parameters: buffer, precision: options.precision)
    judged = try ParameterBuffer(buffer.parameters)
    progress = TrainingProgress()
    history = []
    if let start, resume { goOn(from: start) }
  }

  /// Takes over all of a run's state.
  private func goOn(from start: TrainedModel) {
    progress = start.progress
    history = start.history
    if start.progress.last.count == step.parameters.layout.count {
      step.parameters.values = start.progress.last
    }
    // The model holds its best parameters only where it was the best that was kept.
    if let record = start.best, let lowest = progress.lowest,
      record.judged == lowest || isAsGood(record.judged, as: lowest)
    {
      best = (record, start.parameters.values)
    }
  }

  private static func check(_ other: TrainingData, beside data: TrainingData) throws {
    guard other.channels == data.channels, other.dimensions == data.dimensions,
      (other.targets == nil) == (data.targets == nil)
    else {
      throw DenoiseError(
        "the data for validation has \(other.channels) channel(s) in \(other.dimensions)-D"
          + "\(other.targets == nil ? "" : " with targets"), that for training "
          + "\(data.channels) in \(data.dimensions)-D\(data.targets == nil ? "" : " with targets")",
        hint: "both must be of one kind")
    }
  }

  private static func check(_ options: TrainingOptions, _ data: TrainingData) throws {
    guard options.batch >= 1, options.samples >= 1, options.epochs >= 1 else {
      throw DenoiseError("`batch`, `samples` and `epochs` are 1 or more")
    }
    guard options.learningRate > 0, options.learningRate.isFinite else {
      throw DenoiseError("`lr` must be above 0, not \(options.learningRate.plain)")
    }
    if [.pair, .clean].contains(options.target) && data.targets == nil {
      throw DenoiseError(
        "`\(options.method)` needs a target",
        hint: options.target == .pair
          ? "give the other half: `train a method=n2n target=b`"
          : "give the clean truth: `train noisy method=supervised target=truth`")
    }
    if options.target == .diagonals && options.mask != nil {
      throw DenoiseError(
        "with the other diagonals as target nothing is hidden", hint: "give `mask=none`")
    }
    if options.target != .itself, options.mask?.makesTarget == true {
      throw DenoiseError(
        "`recorrupt` makes a target of the data itself", hint: "give no `target=`, or `mask=none`")
    }
    if options.target == .itself && options.mask == nil {
      throw DenoiseError(
        "without a mask the network would learn to copy its input",
        hint: "give `mask=`, or a `target=`")
    }
  }

  /// Runs until the last epoch, the end of the time, an early stop or an interrupt.
  ///
  /// - Parameter observe: told after every step.
  /// - Returns: the model; after an interrupt as it is so far.
  public func run(_ observe: (Report) -> Void = { _ in }) throws -> TrainedModel {
    let clock = ContinuousClock()
    let start = clock.now
    let before = progress.seconds
    func seconds() -> Double { before + start.duration(to: clock.now).inSeconds }
    do {
      while !isFinished(seconds()) {
        try runEpoch(seconds, observe)
        if shouldStopEarly {
          progress.ended = .early
          break
        }
      }
    } catch is Interrupted {
      progress.ended = .interrupted
    }
    progress.seconds = seconds()
    return try shares.found(for: model(), isWhole: progress.ended != .interrupted)
  }

  /// Batches in an epoch.
  var steps: Int {
    let patches = options.patches ?? maker.sampler.tilingCount
    return max(1, options.steps ?? (patches * options.samples + options.batch - 1) / options.batch)
  }

  private func isFinished(_ seconds: Double) -> Bool {
    if let budget { return seconds >= budget }
    return progress.epoch >= options.epochs
  }

  /// The rest of an epoch: all of it, unless an interrupt stopped the run in its midst.
  private func runEpoch(_ seconds: () -> Double, _ observe: (Report) -> Void) throws {
    progress.ended = .finished
    let epoch = progress.epoch
    if progress.sums.isEmpty { progress.sums = [0] + options.loss.parts.map { _ in 0 } }
    while progress.stepInEpoch < steps {
      try Interrupt.check()
      let index = progress.stepInEpoch
      if index > 0 && options.minutes != nil && isFinished(seconds()) { break }
      let done = share(epoch, index, seconds())
      let position = Schedule.Position(
        epoch: epoch, step: progress.step, progress: done,
        plateauReductions: progress.plateauReductions)
      progress.learningRate = options.learningRate * options.schedule.factor(at: position)
      let batch = try maker.batch(epoch: epoch, step: index)
      let values = try step.run(
        batch.tensors,
        moment: Moment(seed: options.seed, epoch: epoch, step: index))
      progress.optimizer.advance(
        step, with: options.optimizer, learningRate: progress.learningRate, clip: options.clip)
      average()
      progress.step += 1
      progress.stepInEpoch += 1
      for (place, value) in values.enumerated() { progress.sums[place] += Double(value) }
      try checkFinite(Double(values[0]))
      if index + 1 < steps {
        observe(report(index, done, Double(values[0]), seconds(), nil))
      }
    }
    let means = progress.sums.map { $0 / Double(max(1, progress.stepInEpoch)) }
    let record = EpochRecord(
      epoch: epoch + 1, step: progress.step, loss: means[0], terms: Array(means.dropFirst()),
      validation: try validationLoss(), learningRate: progress.learningRate, seconds: seconds())
    progress.epoch += 1
    progress.stepInEpoch = 0
    progress.sums = []
    history.append(record)
    judgeEpoch(record)
    observe(report(steps - 1, share(epoch + 1, 0, seconds()), means[0], seconds(), record))
  }

  private func checkFinite(_ loss: Double) throws {
    guard loss.isFinite else {
      throw DenoiseError(
        "the loss is not a number any more, at epoch \(progress.epoch + 1), "
          + "step \(progress.stepInEpoch)",
        hint: "lower the learning rate (`lr=`) or clip the gradient (`clip=1`)")
    }
  }

  private func report(
    _ index: Int, _ done: Double, _ loss: Double, _ seconds: Double, _ record: EpochRecord?
  ) -> Report {
    Report(
      epoch: record?.epoch ?? progress.epoch + 1,
      epochs: options.minutes == nil ? options.epochs : nil, step: index + 1, steps: steps,
      done: done, loss: loss, best: progress.lowest, seconds: seconds, record: record)
  }

  private func share(_ epoch: Int, _ index: Int, _ seconds: Double) -> Double {
    if let budget { return min(1, seconds / budget) }
    return min(1, (Double(epoch) + Double(index) / Double(steps)) / Double(options.epochs))
  }

  /// Moves the running average of the parameters; it follows faster while it is young.
  private func average() {
    guard let decay = options.averaging else { return }
    let now = step.parameters.values
    progress.averaged += 1
    let age = Double(progress.averaged)
    let keep = Float(min(decay, (1 + age) / (10 + age)))
    if progress.average == nil {
      progress.average = now
      return
    }
    now.withUnsafeBufferPointer { now in
      progress.average?.withUnsafeMutableBufferPointer { average in
        for index in average.indices {
          average[index] = average[index] * keep + now[index] * (1 - keep)
        }
      }
    }
  }

  /// What would predict if training ended here.
  private var current: [Float] { progress.average ?? step.parameters.values }

  private func validationLoss() throws -> Double? {
    guard let batches = validation.first, !batches.isEmpty else { return nil }
    judged.values = current
    if validation.count > 1 { return try averagedLoss() }
    var total = 0.0
    var weight = 0.0
    for (index, batch) in batches.enumerated() {
      let looked = batch.hidden.values.reduce(0.0) { $0 + Double($1) }
      let loss = try judge(batch, draw: 0, index)[0]
      total += Double(loss) * looked
      weight += looked
    }
    guard weight > 0 else { return nil }
    try checkFinite(total / weight)
    return total / weight
  }

  /// The mean squared error, at the kept pixels, of the average of as many passes as a prediction
  /// takes. Of n passes with variance v an average has the error b + v / n: the error of one pass
  /// and that of the average of all that are drawn tell b and v.
  private func averagedLoss() throws -> Double? {
    var looked = 0.0
    var single = 0.0
    var average = 0.0
    let draws = Double(validation.count)
    for (index, batch) in validation[0].enumerated() {
      let outputs = try validation.enumerated().map { try judge($1[index], draw: $0, index) }
      for pixel in batch.hidden.values.indices where batch.hidden.values[pixel] != 0 {
        let target = batch.target.values[pixel]
        var sum = 0.0
        for output in outputs {
          let error = Double(output[pixel] - target)
          sum += error
          single += error * error / draws
        }
        average += sum * sum / (draws * draws)
        looked += 1
      }
    }
    guard looked > 0 else { return nil }
    let variance = (single - average) / looked * draws / (draws - 1)
    let loss = average / looked - variance * (1 / draws - 1 / Double(options.prediction.samples))
    try checkFinite(loss)
    return loss
  }

  /// The loss on a batch, or the prediction where passes are averaged.
  private func judge(_ batch: Batch, draw: Int, _ index: Int) throws -> [Float] {
    try judge(batch.input.shape).run(
      batch.tensors,
      moment: Moment(seed: options.seed, epoch: -1, step: index * validation.count + draw)
    )[0].values
  }

  private func judge(_ shape: [Int]) throws -> Plan {
    if let known = judges[shape[0]] { return known }
    let quiet = try WrittenStep(options, shape: shape, training: false)
    let result = validation.count > 1 ? quiet.output ?? quiet.loss : quiet.loss
    let plan = try Plan(
      quiet.trace.graph, outputs: [result], inputs: quiet.inputs, parameters: judged,
      precision: options.precision)
    judges[shape[0]] = plan
    return plan
  }

  private func judgeEpoch(_ record: EpochRecord) {
    let value = record.judged
    let lowest = progress.lowest ?? .infinity
    let margin = options.stop?.minDelta ?? 0
    progress.epochsSinceBest = value < lowest - margin ? 0 : progress.epochsSinceBest + 1
    progress.lowest = min(lowest, value)
    if isAsGood(value, as: lowest) { best = (record, current) }
    guard let plateau = options.schedule.plateau else { return }
    progress.epochsSinceReduction =
      progress.epochsSinceBest == 0 ? 0 : progress.epochsSinceReduction + 1
    if progress.epochsSinceReduction >= plateau.patience {
      progress.plateauReductions += 1
      progress.epochsSinceReduction = 0
    }
  }

  /// Whether a loss is the lowest, or the few pixels that averages are validated on cannot tell it from
  /// the lowest: of those the later one is better, as the learning rate falls.
  private func isAsGood(_ loss: Double, as lowest: Double) -> Bool {
    guard validation.count > 1 else { return loss < lowest }
    let looked = validation[0].reduce(0.0) { sum, batch in
      batch.hidden.values.reduce(sum) { $0 + Double($1) }
    }
    return loss < lowest * (1 + 0.6 / max(1, looked).squareRoot())
  }

  private var shouldStopEarly: Bool {
    options.stop.map { progress.epochsSinceBest >= $0.patience } ?? false
  }

  /// Grey values of a unit that the network sees, the mean over channels.
  public var greyValues: Double {
    scale.scales.reduce(0, +) / Double(max(1, scale.scales.count))
  }

  /// The model as it would be if training ended after the epoch that ended last; for checkpoints
  /// and previews while it runs.
  public func snapshot() throws -> TrainedModel { try model() }

  private func model() throws -> TrainedModel {
    progress.last = step.parameters.values
    let keepsBest = options.keep == .best && best?.record.validation != nil
    let values = keepsBest ? best?.parameters ?? current : current
    var model = TrainedModel(
      method: options.method, architecture: options.architecture, mask: mask,
      channels: data.channels, dimensions: data.dimensions, scale: scale,
      parameters: try Parameters(layout: step.parameters.layout, values: values),
      prediction: options.prediction, history: history,
      best: keepsBest ? best?.record : history.last, progress: progress,
      options: options.listed, seed: options.seed)
    model.preparation = options.preparation
    return model
  }
}

extension Duration {
  var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
