import TensorEngine

/// What a training step or a prediction takes and does, before it is done.
public struct StepExplanation: Sendable {
  /// [samples, channels, space…].
  public let shape: [Int]
  public let parameters: Int
  /// Bytes of the plan, parameters, gradient and the optimiser's moments.
  public let bytes: Int
  public let precision: Precision
  /// Kernel calls in the order in which they run, with their times.
  public let lines: [PlanLine]
  /// Steps an epoch; 1 for a prediction.
  public let steps: Int

  public var operations: Double { lines.map(\.operations).reduce(0, +) }
  public var milliseconds: Double { lines.compactMap(\.milliseconds).reduce(0, +) }

  /// The calls by what they do, those that take longest first.
  public var kinds: [(name: String, calls: Int, operations: Double, milliseconds: Double)] {
    var found: [String: (Int, Double, Double)] = [:]
    for line in lines {
      let (calls, operations, time) = found[line.name] ?? (0, 0, 0)
      found[line.name] = (
        calls + 1, operations + line.operations, time + (line.milliseconds ?? 0)
      )
    }
    return found.map { ($0.key, $0.value.0, $0.value.1, $0.value.2) }
      .sorted { ($0.milliseconds, $1.name) > ($1.milliseconds, $0.name) }
  }
}

extension Trainer {
  /// What a step takes and where its time goes, found by running a few without moving the
  /// parameters.
  public func explained(runs: Int = 3) throws -> StepExplanation {
    let batch = try maker.batch(epoch: 0, step: 0)
    let moment = Moment(seed: options.seed)
    _ = try step.run(batch.tensors, moment: moment)  // touches the memory
    step.plan.isMeasured = true
    defer { step.plan.isMeasured = false }
    for _ in 0..<max(1, runs) { _ = try step.run(batch.tensors, moment: moment) }
    return StepExplanation(
      shape: batch.input.shape, parameters: step.parameters.layout.count,
      bytes: step.bytes + 8 * step.parameters.layout.count, precision: options.precision,
      lines: step.plan.lines, steps: steps)
  }
}
