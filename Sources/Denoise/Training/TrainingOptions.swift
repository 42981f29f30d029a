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
    /// The other diagonals of the same data, at half the size; see `DiagonalPairs`.
    case diagonals
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
  /// How the data was made ready before the trainer saw it; the model keeps it.
  public var preparation: MapPreparation?
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
  /// What the sides of the network's input must be a multiple of.
  var multiple: Int {
    architecture.multiple * (target == .diagonals ? DiagonalPairs.side : 1)
  }

  /// The options as they would be typed. Nothing that makes the training what it is is left out,
  /// so that a line of them needs no method's name; what does not apply is `none`.
  public var listed: [NamedOption] {
    func given(_ name: String, _ value: (any CustomStringConvertible)?) -> NamedOption {
      NamedOption(name, value?.description ?? "none")
    }
    var list = [
      given("mask", mask), NamedOption("model", architecture.text), NamedOption("loss", loss),
      NamedOption("augment", augmentation),
      NamedOption("patch", patch.count == 1 ? "\(patch[0])" : "\(patch)"),
      given("patches", patches), NamedOption("batch", batch), NamedOption("samples", samples),
      given("steps", steps),
      minutes.map { NamedOption("minutes", $0.plain) } ?? NamedOption("epochs", epochs),
      NamedOption("optimizer", optimizer), NamedOption("lr", learningRate.plain),
      NamedOption("schedule", schedule), given("stop", stop), given("clip", clip?.plain),
      given("ema", averaging?.plain), NamedOption("normalize", normalization),
      NamedOption("val", validation.plain), NamedOption("keep", keep.rawValue),
      NamedOption("precision", precision.rawValue), NamedOption("predict", prediction.method),
      NamedOption("seed", seed),
    ]
    switch target {
    case .itself: break
    case .diagonals: list.insert(NamedOption("target", "diagonals"), at: 0)
    case .pair, .clean: list.insert(NamedOption("swap", target == .pair), at: 0)
    }
    return [NamedOption("method", method)] + list
  }

  /// For a run of given minutes. A plateau waits for epochs that there are not, so a cosine over the
  /// run takes its place, in bfloat16 where that is faster. Noise2Void's two pixels in a thousand tell
  /// little in a step: four in a hundred are hidden, behind the median of their neighbours. Where the
  /// network is free, that of `auto` learns, as it does there: it comes further in the same minutes
  /// (benchmarks/quality). What learns all orientations of a picture predicts as the mean of them.
  public mutating func fitToTime(for subject: Method.Subject, networkIsFree: Bool) throws {
    guard case .plateau = schedule else { return }
    if let pixels = mask as? PixelMask { mask = try pixels.hurried() }
    if networkIsFree {
      learn(as: Method.quick(for: subject, readsMask: false))
    } else {
      learningRate = max(learningRate, 1e-3)
    }
    prediction.turns = augmentation == .dihedral ? Method.turns(subject) : .none
    schedule = .warmup(steps: 20, then: .cosine)
    if Precision.hasFastBF16 { precision = .bf16 }
  }

  /// Takes over the network and all that goes with it.
  private mutating func learn(as other: TrainingOptions) {
    architecture = other.architecture
    (patch, batch, steps) = (other.patch, other.batch, other.steps)
    (learningRate, clip, averaging) = (other.learningRate, other.clip, other.averaging)
  }

  /// The method that these options are, for such data; what else they are called where none is.
  /// How long training takes, how exactly it computes, its seed and the memory do not count.
  public func named(for subject: Method.Subject) -> String {
    let free = ["method", "seed", "epochs", "minutes", "precision"]
    func essence(_ options: TrainingOptions) -> [NamedOption] {
      options.listed.filter { !free.contains($0.name) }
    }
    let own = essence(self)
    let same = Method.all.first { method in
      (try? method.options(subject)).map { essence($0) == own } ?? false
    }
    return same?.name ?? method
  }
}
