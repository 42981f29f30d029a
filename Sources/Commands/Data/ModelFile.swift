import Denoise
import Formats
import Lang
import TensorEngine

/// A trained model as a checkpoint: parameters under readable names, and all else as metadata.
enum ModelFile {
  /// Wall time is not written, so that the same script and seed give the same bytes.
  private static let wallTime = 0.0
  private static let optimizerPrefix = "optimizer."
  private static let progressPrefix = "progress."

  static func checkpoint(of value: ModelValue) -> Checkpoint {
    let model = value.model
    var tensors = model.parameters.layout.entries.compactMap { entry in
      model.parameters[entry.name].map { NamedTensor(name: entry.name, tensor: $0) }
    }
    let flat: [(String, [Float]?)] = [
      (optimizerPrefix + "first", model.progress.optimizer.first),
      (optimizerPrefix + "second", model.progress.optimizer.second),
      (progressPrefix + "last", model.progress.last),
      (progressPrefix + "average", model.progress.average),
    ]
    for (name, values) in flat {
      guard let values, !values.isEmpty, let tensor = try? Tensor(values, shape: [values.count])
      else { continue }
      tensors.append(NamedTensor(name: name, tensor: tensor))
    }
    return Checkpoint(tensors: tensors, metadata: metadata(of: value))
  }

  private static func metadata(of value: ModelValue) -> [String: String] {
    let model = value.model
    let progress = model.progress
    let prediction = model.prediction
    var fields = [
      "dn.version": Provenance.version, "dn.method": model.method,
      "dn.model": model.architecture.text, "dn.channels": "\(model.channels)",
      "dn.dimensions": "\(model.dimensions)", "dn.seed": "\(model.seed)",
      "dn.scale.offsets": numbers(model.scale.offsets),
      "dn.scale.scales": numbers(model.scale.scales),
      "dn.scale.method": "\(model.scale.method)",
      "dn.prediction":
        "mode=\(prediction.mode.rawValue), samples=\(prediction.samples), "
        + "tta=\(prediction.turns.text), mix=\(prediction.mixBack.stored), seed=\(prediction.seed), "
        + "precision=\(prediction.precision.rawValue)"
        + blend(prediction.blend),
      "dn.progress": numbers(
        [
          Double(progress.epoch), Double(progress.step), wallTime, progress.learningRate,
          Double(progress.plateauReductions), Double(progress.epochsSinceBest),
          Double(progress.epochsSinceReduction), Double(progress.optimizer.steps),
          Double(progress.averaged), Double(progress.stepInEpoch), progress.lowest ?? .nan,
        ] + progress.sums),
      "dn.terms": value.terms.joined(separator: "\n"),
      "dn.options": model.options.map { "\($0.name)=\($0.value)" }.joined(separator: "\n"),
      "dn.history": model.history.map { row in
        numbers(
          [
            Double(row.epoch), Double(row.step), row.loss, row.validation ?? .nan,
            row.learningRate, wallTime,
          ] + row.terms)
      }.joined(separator: "\n"),
    ]
    if let mask = model.mask { fields["dn.mask"] = "\(mask)" }
    if let preparation = model.preparation { fields["dn.preparation"] = "\(preparation)" }
    if let best = model.best { fields["dn.best"] = "\(best.epoch)" }
    return fields
  }

  private static func blend(_ blend: Blend) -> String {
    guard case .share(let share, let noise) = blend else { return "" }
    return ", blend=\(share)" + (noise.map { ", noise=\($0)" } ?? "")
  }

  private static func numbers(_ values: [Double]) -> String {
    values.map { "\($0)" }.joined(separator: " ")
  }

  /// - Throws: `LangError` where the checkpoint is not one of this program's models.
  static func model(of checkpoint: Checkpoint, path: String) throws -> ModelValue {
    let reader = Reader(metadata: checkpoint.metadata, path: path)
    let architecture = try reader.object("dn.model", as: ArchitectureValue.self).architecture
    let mask = try checkpoint.metadata["dn.mask"].map { _ in
      try reader.object("dn.mask", as: MaskValue.self).mask
    }
    let channels = try reader.whole("dn.channels")
    let dimensions = try reader.whole("dn.dimensions")
    let layout = try layout(of: architecture, channels: channels, dimensions: dimensions)
    let parameters = try parameters(layout, checkpoint, path)
    let offsets = try reader.list("dn.scale.offsets")
    let scales = try reader.list("dn.scale.scales")
    guard offsets.count == channels, scales.count == channels else {
      throw reader.damaged("dn.scale")
    }
    let history = try reader.history()
    let best = try checkpoint.metadata["dn.best"].map { _ in try reader.whole("dn.best") }
    var model = TrainedModel(
      method: try reader.text("dn.method"), architecture: architecture, mask: mask,
      channels: channels, dimensions: dimensions,
      scale: IntensityScale(method: reader.normalization(), offsets: offsets, scales: scales),
      parameters: parameters, prediction: try reader.prediction(), history: history,
      best: history.first { $0.epoch == best } ?? history.last,
      progress: try reader.progress(checkpoint, optimizerPrefix, progressPrefix),
      options: reader.options(), seed: UInt64(try reader.text("dn.seed")) ?? 0)
    model.preparation = try reader.preparation()
    let terms = try reader.text("dn.terms").split(separator: "\n").map(String.init)
    return ModelValue(model, session: nil, terms: terms)
  }

  private static func layout(
    of architecture: any Architecture, channels: Int, dimensions: Int
  ) throws -> ParameterLayout {
    guard (1...3).contains(dimensions), (1...65536).contains(channels) else {
      throw LangError("a model for \(channels) channels in \(dimensions)-D")
    }
    let trace = Trace(training: true)
    let side = max(architecture.multiple, 8)
    let space = Array(
      repeating: (side + architecture.multiple - 1) / architecture.multiple * architecture.multiple,
      count: dimensions)
    let image = trace.graph.input("image", shape: [1, channels] + space)
    _ = try architecture.build(
      NetworkInput(image: image), channels: channels, with: NetworkBuilder(trace))
    return trace.layout
  }

  private static func parameters(
    _ layout: ParameterLayout, _ checkpoint: Checkpoint, _ path: String
  ) throws -> Parameters {
    var values = Array(repeating: Float(0), count: layout.count)
    for (entry, offset) in zip(layout.entries, layout.offsets) {
      guard let tensor = checkpoint[entry.name], tensor.shape == entry.shape else {
        throw LangError(
          "\"\(path)\" lacks the parameter `\(entry.name)` of shape \(entry.shape.asShape)",
          hint: "the file does not belong to the network it names")
      }
      values.replaceSubrange(offset..<offset + tensor.count, with: tensor.values)
    }
    return try Parameters(layout: layout, values: values)
  }
}
