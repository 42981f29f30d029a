import TensorEngine

/// Everything that makes a training what it is. A method is nothing but a set of these.
public struct TrainingOptions {
  /// What the comparison of a prediction is made with.
  public enum Target: String, Sendable, CaseIterable {
    /// The noisy data itself, at hidden pixels.
    case itself
    /// Another noisy exposure of the same; roles are swapped half the time.
    case pair
    /// The clean truth.
    case clean
  }

  /// Which parameters a finished training hands over.
  public enum Keep: String, Sendable, CaseIterable { case best, last }

  public var method = "n2v"
  public var target = Target.itself
  public var architecture: any Architecture = UNet()
  /// What hides pixels; nil where nothing is hidden.
  public var mask: (any Mask)?
  public var loss = Loss(MeanSquaredError())
  public var augmentation = Augmentation.none
  /// Sides of a patch, one for all axes or one each; 0 for whole frames.
  public var patch: [Int] = [64]
  /// Patches an epoch shows; as many as tile the data where nil.
  public var patches: Int?
  public var batch = 16
  /// Batches an epoch; `patches / batch`, rounded up, where nil.
  public var steps: Int?
  public var epochs = 100
  /// A budget of wall time in the place of `epochs`; the schedule is fitted to it.
  public var minutes: Double?
  public var optimizer = Optimizer(.adam)
  public var learningRate = 4e-4
  public var schedule = Schedule.constant
  public var stop: EarlyStop?
  /// Share of the data kept for validation; see `Validation`.
  public var validation = 0.1
  public var normalization = Normalization.meanstd
  /// Differently masked copies of each patch in a batch.
  public var samples = 1
  /// The greatest norm of a step's gradient.
  public var clip: Double?
  /// Decay of the running average of the parameters that predicts in their place.
  public var averaging: Double?
  public var seed: UInt64 = 0
  public var keep = Keep.best
  /// Bytes that a step may take; what the machine has where nil.
  public var memory: Int?
  /// What activations and their gradients are stored in.
  public var precision = Precision.f32
  public var prediction = PredictionOptions()

  public init() {}
}

extension TrainingOptions {
  /// The options as they would be typed.
  public var listed: [NamedOption] {
    var list = [
      NamedOption("method", method), NamedOption("model", architecture.text),
      NamedOption("loss", loss), NamedOption("augment", augmentation),
      NamedOption("patch", patch.count == 1 ? "\(patch[0])" : "\(patch)"),
      NamedOption("batch", batch), NamedOption("optimizer", optimizer.rule.rawValue),
      NamedOption("lr", learningRate.plain), NamedOption("schedule", schedule),
      NamedOption("val", validation.plain), NamedOption("normalize", normalization),
      NamedOption("samples", samples), NamedOption("seed", seed),
      NamedOption("keep", keep.rawValue),
    ]
    if let mask { list.insert(NamedOption("mask", mask), at: 1) }
    if let patches { list.append(NamedOption("patches", patches)) }
    if let steps { list.append(NamedOption("steps", steps)) }
    if let minutes {
      list.append(NamedOption("minutes", minutes.plain))
    } else {
      list.append(NamedOption("epochs", epochs))
    }
    if let stop { list.append(NamedOption("stop", stop)) }
    if let clip { list.append(NamedOption("clip", clip.plain)) }
    if precision != .f32 { list.append(NamedOption("precision", precision.rawValue)) }
    if let averaging { list.append(NamedOption("ema", averaging.plain)) }
    return list
  }
}
