import TensorEngine

extension Predictor {
  /// Denoises a map as the model's training saw maps, and brings the result back to its own scale and
  /// grid.
  func predict(
    _ map: Image, prepared preparation: MapPreparation, observe: (Double) -> Void
  ) throws -> Outcome {
    var (plain, options) = (model, options)
    plain.preparation = nil
    options.overlap = options.overlap ?? max(model.architecture.reach, preparation.margin)
    let ready = try preparation.prepared(map)
    let outcome = try Predictor(plain, options).predict(ready.image, observe: observe)
    return Outcome(
      image: try ready.restored(outcome.image),
      spread: try outcome.spread.map { try ready.restoredSpread($0) }, passes: outcome.passes,
      tile: outcome.tile)
  }
}
