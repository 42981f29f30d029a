import TensorEngine

/// What one step sees, [samples, channels, space…] each.
package struct Batch {
  /// With hidden pixels replaced.
  package let input: Tensor
  /// What the prediction is compared with.
  package let target: Tensor
  /// 1 where the loss looks.
  package let hidden: Tensor
  /// 1 where the input is what was measured, 0 where it was replaced.
  package let visible: Tensor

  /// In the order of a written network's inputs.
  package var tensors: [Tensor] { [input, target, hidden, visible] }
}

/// Draws batches: places, orientations and masks all follow from (seed, epoch, step, sample).
package struct BatchMaker {
  let data: TrainingData
  let options: TrainingOptions
  let sampler: PatchSampler
  let orientations: [Orientation]
  /// 1 at the pixels that the loss never looks at, kept for validation or outside the region, for
  /// each sample of the data, [space…]; nil for none.
  let ignored: [SampleArray?]
  let padding: Padding

  /// Sides of a patch as the network gets it.
  var space: [Int] { zip(sampler.patch, padding.after).map(+) }

  /// - Parameter heldOut: 1 at the pixels kept for validation, for each sample of the data,
  ///   [space…]; nil for none.
  package init(
    _ data: TrainingData, _ options: TrainingOptions, heldOut: [SampleArray?]
  ) throws {
    self.data = data
    self.options = options
    let patch = try BatchMaker.patch(data, options)
    sampler = try PatchSampler(
      shapes: data.spaces, patch: patch,
      regions: data.regions.contains { $0 != nil } ? data.regions : nil, even: data.isEven)
    ignored = try zip(heldOut, data.regions).map { held, region in
      guard let region else { return held }
      let held = try held?.tensor().values
      return SampleArray(
        Tensor(shape: region.shape) { pixel in region.values[pixel] > 0 ? held?[pixel] ?? 0 : 1 })
    }
    try options.mask?.check(spatial: patch)
    padding = Padding(of: patch, toMultipleOf: options.multiple)
    orientations = options.augmentation.orientations(of: patch, keeping: options.mask)
  }

  /// The sides asked for, cut to the smallest image; whole frames for 0.
  static func patch(_ data: TrainingData, _ options: TrainingOptions) throws -> [Int] {
    let dimensions = data.dimensions
    guard options.patch.count == 1 || options.patch.count == dimensions else {
      throw DenoiseError(
        "`patch` gives \(options.patch.count) sides for data of \(dimensions) axes",
        hint: "one side for all axes, or \(dimensions)")
    }
    let spaces = data.spaces
    return try (0..<dimensions).map { axis in
      let asked = options.patch.count == 1 ? options.patch[0] : options.patch[axis]
      let smallest = spaces.map { $0[axis] }.min() ?? 1
      guard asked >= 0 else { throw DenoiseError("a patch side of \(asked)") }
      if asked == 0, spaces.contains(where: { $0 != spaces[0] }) {
        throw DenoiseError(
          "whole frames of different sizes do not share a batch", hint: "give `patch` a side")
      }
      return asked == 0 ? smallest : min(asked, smallest)
    }
  }

  /// The batch of a step.
  package func batch(epoch: Int, step: Int) throws -> Batch {
    let copies = max(1, options.samples)
    let parts = Parallel.map(options.batch) { index in
      Result { try patch(epoch: epoch, step: step, index: index, of: index / copies) }
    }
    return try BatchMaker.joined(try parts.map { try $0.get() }, padding)
  }

  /// One patch: cut, turned, masked. Copies of one patch share place and orientation.
  private func patch(epoch: Int, step: Int, index: Int, of original: Int) throws -> Part {
    func stream(_ purpose: RandomStream.Purpose, _ sample: Int) -> RandomStream {
      RandomStream(seed: options.seed, purpose: purpose, epoch: epoch, step: step, sample: sample)
    }
    var places = stream(.patch, original)
    let place = sampler.draw(&places)
    let swapped = options.target == .pair && places.bernoulli(0.5)
    var turns = stream(.augmentation, original)
    let turn = options.augmentation.draw(among: orientations, stream: &turns)

    let first = try sampler.patch(at: place, of: data.inputs[place.image])
    let second = try data.targets.map { try sampler.patch(at: place, of: $0[place.image]) }
    let noisy = try turn.applied(to: swapped ? second ?? first : first)
    let target = try turn.applied(to: swapped ? first : second ?? first)
    let ignored = try ignored(in: place).map { try turn.orientation?.applied(to: $0) ?? $0 }
    let part = try Part(
      noisy: noisy, target: target, mask: options.mask, stream: stream(.mask, index))
    return try part.withoutLoss(at: ignored)
  }

  /// Where the loss never looks in a patch; nil where nothing is ignored.
  func ignored(in place: PatchSampler.Place) throws -> Tensor? {
    try ignored[place.image].map { try sampler.patch(at: place, of: $0) }
  }

  static func joined(_ parts: [Part], _ padding: Padding) throws -> Batch {
    Batch(
      input: try padding.applied(to: Tensor.stacked(parts.map(\.input))),
      target: try padding.applied(to: Tensor.stacked(parts.map(\.target))),
      hidden: try padding.zeros(around: Tensor.stacked(parts.map(\.hidden))),
      visible: try padding.applied(to: Tensor.stacked(parts.map(\.visible))))
  }
}

/// One masked patch, [channels, space…].
struct Part {
  var input: Tensor
  let target: Tensor
  var hidden: Tensor
  let visible: Tensor

  init(noisy: Tensor, target: Tensor, mask: (any Mask)?, stream: RandomStream) throws {
    guard let mask else {
      self.target = target
      input = noisy
      hidden = Tensor(repeating: 1, shape: target.shape)
      visible = Tensor(repeating: 1, shape: noisy.shape)
      return
    }
    let masked = try mask.applied(to: noisy.reshaped([1] + noisy.shape), streams: [stream])
    input = try masked.input.reshaped(noisy.shape)
    hidden = try masked.hidden.reshaped(noisy.shape)
    visible = try masked.visible.reshaped(noisy.shape)
    self.target = mask.makesTarget ? try masked.target.reshaped(noisy.shape) : target
  }

  /// The same patch with the loss looking away from pixels that are 1 in `ignored`, [space…].
  func withoutLoss(at ignored: Tensor?) throws -> Part {
    guard let ignored, ignored.values.contains(where: { $0 != 0 }) else { return self }
    var part = self
    let area = ignored.count
    part.hidden.modify { values in
      for start in stride(from: 0, to: values.count, by: max(1, area)) {
        for pixel in 0..<area where ignored.values[pixel] != 0 { values[start + pixel] = 0 }
      }
    }
    return part
  }
}

extension Padding {
  /// As `applied`, with zeros in the frame: the loss does not look there.
  func zeros(around tensor: Tensor) throws -> Tensor {
    let padded = try applied(to: tensor)
    if padded.shape == tensor.shape { return tensor }
    let lead = tensor.rank - before.count
    let inside = Box(
      origin: Array(repeating: 0, count: lead) + before, size: tensor.shape)
    var result = Tensor(repeating: 0, shape: padded.shape)
    let shape = padded.shape
    result.modify { values in
      var from = 0
      inside.forEachRow(in: shape) { row in
        values.replaceSubrange(row, with: tensor.values[from..<from + row.count])
        from += row.count
      }
    }
    return result
  }
}
