import Denoise
import TensorEngine

/// Trainings of seconds, and what tells two of them apart.
enum Trainings {
  /// Options of a small net on a picture of 32 x 32 or a signal.
  static func options(_ change: (inout TrainingOptions) throws -> Void = { _ in }) throws
    -> TrainingOptions
  {
    var options = TrainingOptions()
    options.architecture = Network.unet { $0.norm = .batch }
    options.mask = try BernoulliMask(probability: 0.3, fill: .interpolate)
    options.patch = [16]
    options.batch = 4
    options.steps = 5
    options.epochs = 4
    options.learningRate = 5e-3
    options.augmentation = .dihedral
    options.seed = 11
    try change(&options)
    return options
  }

  static func picture() throws -> (noisy: Image, truth: Image) {
    try SmallData.waves([32, 32], axes: "YX")
  }

  static func data() throws -> TrainingData { try TrainingData(images: [picture().noisy]) }

  static func train(_ options: TrainingOptions, _ data: TrainingData? = nil) throws -> TrainedModel
  {
    try Trainer(data ?? Trainings.data(), options).run()
  }

  /// All that must agree between two runs; not the seconds.
  static func trace(_ model: TrainedModel) -> [[Double]] {
    let progress = model.progress
    return [
      model.parameters.values.map(Double.init), progress.last.map(Double.init),
      (progress.average ?? []).map(Double.init), progress.optimizer.first.map(Double.init),
      progress.optimizer.second.map(Double.init),
      [
        Double(progress.epoch), Double(progress.step), Double(progress.plateauReductions),
        Double(progress.epochsSinceBest), Double(progress.epochsSinceReduction),
        Double(model.best?.epoch ?? -1),
      ],
      model.history.map(\.loss), model.history.map { $0.validation ?? -1 },
      model.history.map(\.learningRate),
    ]
  }
}
