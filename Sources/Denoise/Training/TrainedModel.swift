import TensorEngine

/// A network that was trained: its parameters, the scale of its data, how it predicts, and all
/// that is needed to go on training where it stopped.
public struct TrainedModel: Sendable {
  public let method: String
  public let architecture: any Architecture
  public let mask: (any Mask)?
  public let channels: Int
  /// Axes of the space it was trained in.
  public let dimensions: Int
  public let scale: IntensityScale
  /// What predicts: the best or the last, averaged where averaging was asked for.
  public var parameters: Parameters
  /// How it predicts unless asked otherwise.
  public var prediction: PredictionOptions
  public var history: [EpochRecord]
  /// The epoch whose parameters predict.
  public var best: EpochRecord?
  /// Where training stands, for going on.
  public var progress: TrainingProgress
  /// Names and values of the options it was trained with, as typed.
  public let options: [NamedOption]
  public let seed: UInt64
  /// How maps are made ready for it and results brought back; nil where only `scale` is.
  public var preparation: MapPreparation?

  public init(
    method: String, architecture: any Architecture, mask: (any Mask)?, channels: Int,
    dimensions: Int, scale: IntensityScale, parameters: Parameters, prediction: PredictionOptions,
    history: [EpochRecord], best: EpochRecord?, progress: TrainingProgress,
    options: [NamedOption], seed: UInt64
  ) {
    self.method = method
    self.architecture = architecture
    self.mask = mask
    self.channels = channels
    self.dimensions = dimensions
    self.scale = scale
    self.parameters = parameters
    self.prediction = prediction
    self.history = history
    self.best = best
    self.progress = progress
    self.options = options
    self.seed = seed
  }

  /// Numbers that training changed.
  public var parameterCount: Int { parameters.layout.trainableCount }

  /// The network's layers for data of the training's patch.
  ///
  /// - Throws: where `space` does not fit the network.
  public func layers(space: [Int]) throws -> [NetworkBuilder.Layer] {
    let trace = Trace(training: false)
    let builder = NetworkBuilder(trace)
    let image = trace.graph.input("image", shape: [1, channels] + space)
    _ = try architecture.build(
      NetworkInput(image: image), channels: channels, with: builder)
    return builder.layers
  }
}

/// What one epoch came to.
public struct EpochRecord: Sendable, Equatable {
  public let epoch: Int
  /// Steps since the start.
  public let step: Int
  /// Mean over the epoch's steps.
  public let loss: Double
  /// Each term of the loss, unweighted, mean over the epoch's steps.
  public let terms: [Double]
  /// At the data kept for validation; nil where there is none.
  public let validation: Double?
  public let learningRate: Double
  /// Wall time since the start.
  public let seconds: Double

  public init(
    epoch: Int, step: Int, loss: Double, terms: [Double], validation: Double?,
    learningRate: Double, seconds: Double
  ) {
    self.epoch = epoch
    self.step = step
    self.loss = loss
    self.terms = terms
    self.validation = validation
    self.learningRate = learningRate
    self.seconds = seconds
  }

  /// What epochs are compared by.
  var judged: Double { validation ?? loss }
}

/// The state of a run between two steps.
public struct TrainingProgress: Sendable, Equatable {
  /// Epochs that are done.
  public var epoch = 0
  /// Steps since the start, and those of the epoch that an interrupt broke off.
  public var step = 0
  public var stepInEpoch = 0
  /// Sums of the loss and its terms over those steps.
  public var sums: [Double] = []
  /// The lowest loss of an epoch: at the data kept for validation where there is some.
  public var lowest: Double?
  public var seconds = 0.0
  public var learningRate = 0.0
  public var plateauReductions = 0
  public var epochsSinceBest = 0
  public var epochsSinceReduction = 0
  public var optimizer = OptimizerState()
  /// The parameters as the optimiser left them.
  public var last: [Float] = []
  /// Their running average, where asked for.
  public var average: [Float]?
  /// Steps the running average has seen.
  public var averaged = 0
  public var ended = Ending.finished

  public init() {}

  /// Why training stopped.
  public enum Ending: String, Sendable {
    case finished
    case early = "stopped early"
    case interrupted
  }
}
