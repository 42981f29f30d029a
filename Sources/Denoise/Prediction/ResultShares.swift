import TensorEngine

/// What only a trained network's results can tell: how much block matching, and how much of the
/// noisy image at each frequency, is mixed into them.
struct ResultShares {
  private let blend: BlendSearch?
  /// The data as measured, where it is asked how much of it is mixed back; nil else.
  private let measured: TrainingData?
  /// About how long it takes to find them, in seconds.
  let seconds: Double

  /// - Parameters:
  ///   - data: as measured, not scaled.
  ///   - heldOut: 1 at pixels kept from training, [space…], for each sample.
  init(_ data: TrainingData, _ options: TrainingOptions, heldOut: [SampleArray?]) throws {
    blend = try BlendSearch(data, options, heldOut: heldOut)
    let mixing = ShellWeights.seconds(data, options)
    measured = mixing == nil ? nil : data
    seconds = (blend?.seconds ?? 0) + (mixing ?? 0)
  }

  /// The same model with its shares.
  ///
  /// - Parameter isWhole: else nothing is looked for. Where the search is interrupted the model goes
  ///   without a share.
  func found(for model: TrainedModel, isWhole: Bool) throws -> TrainedModel {
    var model = model
    // What is not found is none.
    if model.prediction.blend == .best { model.prediction.blend = .none }
    if model.prediction.mixBack == .shells(nil) { model.prediction.mixBack = .share(0) }
    guard isWhole else { return model }
    var ready = model
    ready.preparation = nil  // the images are prepared
    do {
      if let blend { ready.prediction.blend = try blend.blend(for: ready) }
      model.prediction.blend = ready.prediction.blend
      if let measured, let weights = try ShellWeights(for: ready, on: measured) {
        model.prediction.mixBack = .shells(weights)
      }
    } catch is Interrupted {}
    return model
  }
}
