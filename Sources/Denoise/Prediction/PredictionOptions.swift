import TensorEngine

/// How a prediction is made.
public struct PredictionOptions: Sendable, Equatable {
  public enum Mode: String, Sendable, CaseIterable {
    /// The network sees the whole noisy image.
    case single
    /// The image is hidden phase by phase, and what is hidden is predicted: no pixel is predicted
    /// from itself. For grid masks.
    case phases
    /// Pixels are hidden at random as in training, dropout stays on where the network keeps it,
    /// and passes are averaged.
    case dropout
  }

  public var mode = Mode.single
  /// Passes that are averaged, in mode `dropout`.
  public var samples = 1
  /// Passes over orientations. In mode `dropout` the passes take them in turn, and are at least as
  /// many.
  public var turns = Turns.none
  /// How much of the noisy image is mixed back into the result.
  public var mixBack = MixBack.share(0)
  /// How much of a classical estimate is mixed in; of pictures in memory.
  public var blend = Blend.none
  /// Sides of a tile, one for all axes or one each; as large as memory allows where nil.
  public var tile: [Int]?
  /// Elements thrown away at each side of a tile; the network's reach where nil.
  public var overlap: Int?
  /// Bytes a pass may take; half of what the machine has where nil.
  public var memory: Int?
  public var seed: UInt64 = 0
  /// What activations are stored in.
  public var precision = Precision.f32

  public init() {}

  /// The same with no more passes than so many.
  func limited(to passes: Int) -> PredictionOptions {
    var options = self
    options.samples = min(samples, passes)
    options.turns = turns.limited(to: passes)
    return options
  }

  /// What a method says of it, as typed.
  var method: String {
    "{mode: \"\(mode.rawValue)\", samples: \(samples), tta: \(turns.text), "
      + "mix: \(mixBack.text), blend: \(blend.text)}"
  }
}
