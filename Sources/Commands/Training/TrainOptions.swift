import Denoise
import Lang
import TensorEngine

extension TrainCommand {
  /// The images to compare with; nil where the target is made of the data itself.
  var targetData: DataArgument? {
    guard case .second(let data)? = target else { return nil }
    return data
  }

  /// The model to start from; nil for fresh parameters.
  var startingModel: TrainedModel? {
    guard case .second(let trained)? = model else { return nil }
    return trained.model
  }

  /// The method whose options stand where none is given: the one named, that of the model to start
  /// from, or what the target implies.
  private func base() throws -> Method {
    if let method { return method.method }
    let name: String
    switch target {
    case .first?: name = "zsn2n"
    case .second?: name = "auto"
    case nil: name = startingModel?.method ?? "auto"
    }
    guard let method = Method.named(name) ?? Method.named("auto") else {
      throw LangError("there is no method to train by")
    }
    return method
  }

  /// The method's options with those given in their place; an option given as `none` is off.
  func trainingOptions(_ data: TrainingData, _ context: Context) throws -> TrainingOptions {
    func isGiven(_ name: String) -> Bool {
      context.given[name] != nil || with?.fields.contains { $0.name == name } ?? false
    }
    func choose<T>(_ name: String, _ given: T?, _ standard: T?) -> T? {
      isGiven(name) ? given : standard
    }
    let subject = Method.Subject(data)
    var options = try base().options(subject)
    if minutes != nil, !isGiven("schedule") {
      try options.fitToTime(for: subject, networkIsFree: !isGiven("model"))
    }
    if method == nil, let start = startingModel, options.target == .itself {
      options.mask = start.mask?.forOtherData ?? options.mask
    }
    options.mask = choose("mask", mask?.mask, options.mask)
    if case .first? = target { options.target = .diagonals }
    if let swap {
      guard targetData != nil else {
        throw LangError("`swap` is for data with a target", argument: "swap")
      }
      options.target = swap ? .pair : .clean
    }
    if let loss { options.loss = loss.loss }
    switch model {
    case .first(let value)?: options.architecture = value.architecture
    case .second(let trained)?: options.architecture = trained.model.architecture
    case nil: break
    }
    if isGiven("augment") { options.augmentation = augment?.augmentation ?? .none }
    options.patch = patch?.numbers ?? options.patch
    options.patches = choose("patches", patches, options.patches)
    options.batch = batch ?? options.batch
    options.samples = samples ?? options.samples
    options.steps = choose("steps", steps, options.steps)
    options.epochs = epochs ?? options.epochs
    options.minutes = minutes ?? options.minutes
    if let optimizer { options.optimizer = optimizer.optimizer }
    options.learningRate = try learningRate ?? options.learningRate
    if let schedule { options.schedule = schedule.schedule }
    options.stop = choose("stop", stop?.stop, options.stop)
    options.clip = choose("clip", clip, options.clip)
    options.averaging = choose("ema", ema, options.averaging)
    if let normalize { options.normalization = normalize.normalization }
    options.validation = val ?? options.validation
    options.keep = keep ?? options.keep
    options.precision = Precision.inUse(precision ?? options.precision, context)
    options.memory = memory?.bytes
    options.seed = seed.map { UInt64(bitPattern: Int64($0)) } ?? context.seed
    try choosePrediction(&options.prediction, isGiven)
    options.prediction.precision = options.precision
    options.prediction.seed = options.seed
    if method == nil { options.method = options.named(for: subject) }
    return options
  }

  /// How the model predicts, where what is tried in training says so, or the user.
  private func choosePrediction(
    _ prediction: inout PredictionOptions, _ isGiven: (String) -> Bool
  ) throws {
    // Who tries a mask, a network or a loss wants to see what these do.
    if isGiven("mask") || isGiven("model") || loss != nil { prediction.blend = .none }
    // What never learnt to see data turned must not be asked to.
    if isGiven("augment"), !(augment?.augmentation.turns.contains(.dihedral) ?? false) {
      prediction.turns = .none
    }
    if let predict { try prediction.set(predict) }
  }

  private var learningRate: Double? {
    get throws {
      switch lr {
      case .first?:
        guard let last = startingModel?.progress.learningRate, last > 0 else {
          throw LangError(
            "`lr=last` needs a trained model to start from", hint: "give `model=NET`",
            argument: "lr")
        }
        return last
      case .second(let rate)?: return rate
      case nil: return nil
      }
    }
  }
}

/// A target that is no data of its own.
enum TargetWord: String, Choice { case diagonals }

/// Where to train: an image of weights, or a range for each axis of space.
enum Region: Bindable {
  case image(Image)
  case ranges([NumberRange])

  static let typeName = "an image, or a list of ranges such as `[0..31, 16..47]`"

  static func bind(_ value: Value) -> Region? {
    if let image = value.asImage { return .image(image) }
    return [NumberRange].bind(value).map(Region.ranges)
  }

  var value: Value {
    switch self {
    case .image(let image): .image(image)
    case .ranges(let ranges): ranges.value
    }
  }

  /// For each image, 1 where to train, of its space.
  ///
  /// - Throws: `LangError` where an image's space is another.
  func weights(of images: [any ImageSource]) throws -> [Tensor?] {
    try images.map { try weights(space: SampleLayout(of: $0).space) }
  }

  private func weights(space: [Int]) throws -> Tensor {
    switch self {
    case .image(let image):
      guard image.shape == space else {
        throw LangError(
          "`region` is \(image.shape.asShape), the data's space \(space.asShape)",
          argument: "region")
      }
      return image.tensor
    case .ranges(let ranges):
      guard ranges.count == space.count else {
        throw LangError(
          "`region` has \(ranges.count) ranges, the data \(space.count) axes of space",
          hint: "give one for each, such as `[0..31, 16..47]`", argument: "region")
      }
      for (range, side) in zip(ranges, space)
      where range.start < 0 || range.end > Double(side - 1) || range.count == 0 || range.step != 1 {
        throw LangError(
          "`region` has \(Show.inline(range.value)) on an axis of \(side)",
          hint: "both ends count, from 0 to \(side - 1)", argument: "region")
      }
      let box = Box(
        origin: ranges.map { Int($0.start.rounded(.up)) }, size: ranges.map(\.count))
      var weights = Tensor(repeating: 0, shape: space)
      weights.modify { values in
        box.forEachRow(in: space) { row in
          for pixel in row { values[pixel] = 1 }
        }
      }
      return weights
    }
  }
}

extension PredictionOptions {
  /// Takes over what a record says: `{mode: "dropout", samples: 32, tta: true, mix: 0.03}`.
  ///
  /// - Throws: `LangError` for an unknown field or a value that does not suit it.
  mutating func set(_ record: Record) throws {
    for (name, value) in record.fields {
      switch name {
      case "mode":
        guard let mode = Mode.bind(value) else { throw wrong(name, Mode.typeName, value) }
        self.mode = mode
      case "samples":
        guard let samples = value.asInt, samples >= 1 else {
          throw wrong(name, "a whole number of 1 or more", value)
        }
        self.samples = samples
      case "tta":
        guard let tta = TurnsChoice.bind(value) else {
          throw wrong(name, TurnsChoice.typeName, value)
        }
        turns = tta.turns
      case "mix":
        guard let mix = MixChoice.bind(value) else { throw wrong(name, MixChoice.typeName, value) }
        set(mix)
      case "blend":
        guard let blend = BlendChoice.bind(value) else {
          throw wrong(name, BlendChoice.typeName, value)
        }
        self.blend = blend.blend
      default:
        throw LangError(
          "`predict` knows no `\(name)`", hint: "it takes mode, samples, tta, mix and blend",
          argument: "predict")
      }
    }
  }

  mutating func set(_ mix: MixChoice) {
    switch mix {
    case .error: mixBack = .byError
    case .share(let share): mixBack = .share(share)
    case .shells:
      // What training found stays.
      if case .shells = mixBack { return }
      mixBack = .shells(nil)
    }
  }

  private func wrong(_ name: String, _ wanted: String, _ value: Value) -> LangError {
    LangError("`\(name)` is \(wanted), not \(Show.brief(value))", argument: "predict")
  }
}

/// How many orientations a prediction is averaged over.
struct TurnsChoice: Bindable {
  let turns: Turns

  static let typeName = "true, false or a number of orientations"

  static func bind(_ value: Value) -> TurnsChoice? {
    if let all = Bool.bind(value) { return TurnsChoice(turns: all ? .all : .none) }
    guard let count = value.asInt, count >= 1 else { return nil }
    return TurnsChoice(turns: .some(count))
  }

  var value: Value {
    switch turns {
    case .none: .bool(false)
    case .all: .bool(true)
    case .some(let count): .int(count)
    }
  }
}

/// How much block matching is mixed in.
struct BlendChoice: Bindable {
  let blend: Blend

  static let typeName = "a share from 0 to 1, `best` or `none`"
  static let choices = ["best", "none"]

  static func bind(_ value: Value) -> BlendChoice? {
    switch value.asString {
    case "best"?: return BlendChoice(blend: .best)
    case "none"?: return BlendChoice(blend: .none)
    default:
      guard let share = value.asNumber, (0...1).contains(share) else { return nil }
      return BlendChoice(blend: .share(share, noise: nil))
    }
  }

  var value: Value {
    switch blend {
    case .none: .string("none")
    case .best: .string("best")
    case .share(let share, _): .number(share)
    }
  }
}

/// How much of the noisy image is mixed back: a share, what the prediction's error says, or what
/// training on two exposures found for each frequency.
enum MixChoice: Bindable {
  case share(Double)
  case error
  case shells

  static let typeName = "a share from 0 to 1, `error` or `shells`"
  static let choices = ["error", "shells"]

  static func bind(_ value: Value) -> MixChoice? {
    if value.asString == "error" { return .error }
    if value.asString == "shells" { return .shells }
    guard let share = value.asNumber, (0...1).contains(share) else { return nil }
    return .share(share)
  }

  var value: Value {
    switch self {
    case .share(let share): .number(share)
    case .error: .string("error")
    case .shells: .string("shells")
    }
  }
}
