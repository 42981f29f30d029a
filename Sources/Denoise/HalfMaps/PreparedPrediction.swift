import TensorEngine

extension Predictor {
  /// Denoises a map as the model's training saw maps, and brings the result back to its own scale and
  /// grid.
  func predict(
    _ map: Image, prepared preparation: MapPreparation, observe: (Double) -> Void
  ) throws -> Outcome {
    let ready = try preparation.prepared(map)
    let outcome = try plain(preparation, model.scale).predict(ready.image, observe: observe)
    return Outcome(
      image: try ready.restored(outcome.image),
      spread: try outcome.spread.map { try ready.restoredSpread($0) }, passes: outcome.passes,
      tile: outcome.tile)
  }

  /// The same block by block: the map's own scale is found in a first reading of it.
  ///
  /// - Throws: `DenoiseError` where the map would have to be resampled as a whole.
  func predict(
    _ source: any ImageSource, prepared preparation: MapPreparation, inRows: Bool,
    observe: (Double) -> Void, write: (_ values: ArraySlice<Float>, _ first: Int) throws -> Void
  ) throws {
    if let voxel = preparation.voxel, !(source.voxel?.allSatisfy(voxel.allowed.contains) ?? false) {
      throw DenoiseError(
        "the map has to be resampled to \(voxel.size.plain), which is not done piece by piece",
        hint: "load it, and denoise what was loaded")
    }
    var scale = model.scale
    if preparation.norm {
      var statistics = StreamedStatistics()
      try source.forEachPiece { statistics.add($0) }
      let spread = statistics.std
      scale = IntensityScale(
        method: .meanstd, offsets: [statistics.mean],
        scales: [spread > 0 && spread.isFinite ? spread : 1])
    }
    try plain(preparation, scale).predict(
      source, inRows: inRows, observe: observe, write: write)
  }

  /// A predictor of the same network for maps that are ready for it.
  private func plain(_ preparation: MapPreparation, _ scale: IntensityScale) throws -> Predictor {
    var options = options
    options.overlap = options.overlap ?? max(model.architecture.reach, preparation.margin)
    return try Predictor(model.unprepared(scale: scale), options)
  }
}

extension TrainedModel {
  /// The same network for data that is prepared already, on another scale.
  fileprivate func unprepared(scale: IntensityScale) -> TrainedModel {
    TrainedModel(
      method: method, architecture: architecture, mask: mask, channels: channels,
      dimensions: dimensions, scale: scale, parameters: parameters, prediction: prediction,
      history: history, best: best, progress: progress, options: options, seed: seed)
  }
}
