import TensorEngine

/// The part of the data that training never compares with, and masks on it drawn once, so that
/// the validation loss is the same question at every epoch.
///
/// Where the data makes many patches, a share of them is kept. A single picture makes few: there
/// a fifth of that share of its pixels, scattered, is kept, each hidden behind the mean of its
/// visible neighbours when the loss is asked.
struct Validation {
  /// 1 at what is kept, for each sample of the data, [space…]; nil where nothing is.
  let heldOut: [Tensor?]
  private let parts: [Part]

  private static let fewestTiles = 40
  /// Masks drawn on each kept patch.
  private static let draws = 4
  /// Patches looked at in all.
  private static let mostPatches = 256

  var isEmpty: Bool { parts.isEmpty }

  init(_ data: TrainingData, _ options: TrainingOptions) throws {
    let maker = try BatchMaker(data, options, heldOut: data.inputs.map { _ in nil })
    let share = options.validation
    guard (0..<1).contains(share) else {
      throw DenoiseError("`val` is a share from 0 up to 1, not \(share.plain)")
    }
    guard share > 0 else {
      heldOut = data.inputs.map { _ in nil }
      parts = []
      return
    }
    let tiles = Validation.tiles(data, patch: maker.sampler.patch)
    if tiles.count >= Validation.fewestTiles || options.mask == nil {
      (heldOut, parts) = try Validation.keepTiles(tiles, data, options, maker)
    } else {
      (heldOut, parts) = try Validation.keepPixels(tiles, data, options, maker)
    }
  }

  /// The kept data as batches of the training's shape; the last may be filled up with patches
  /// that the loss ignores.
  func batches(of size: Int, _ padding: Padding) throws -> [Batch] {
    try stride(from: 0, to: parts.count, by: size).map { start in
      var group = Array(parts[start..<min(parts.count, start + size)])
      while group.count < size {
        var filler = parts[start]
        filler.hidden = Tensor(repeating: 0, shape: filler.hidden.shape)
        group.append(filler)
      }
      return try BatchMaker.joined(group, padding)
    }
  }

  /// Patches that tile the data without overlap.
  private static func tiles(_ data: TrainingData, patch: [Int]) -> [PatchSampler.Place] {
    data.spaces.enumerated().flatMap { image, space in
      let counts = zip(space, patch).map { max(1, $0 / $1) }
      return (0..<counts.product).map { index in
        PatchSampler.Place(
          image: image, origin: zip(counts.position(of: index), patch).map { $0 * $1 })
      }
    }
  }

  private static func keepTiles(
    _ tiles: [PatchSampler.Place], _ data: TrainingData, _ options: TrainingOptions,
    _ maker: BatchMaker
  ) throws -> ([Tensor?], [Part]) {
    var stream = RandomStream(seed: options.seed, purpose: .validation)
    let order = stream.permutation(tiles.count)
    let wanted = max(1, Int((Double(tiles.count) * options.validation).rounded()))
    // Of one patch alone nothing can be kept: the loss is then that of the training patches.
    let kept = order.prefix(min(wanted, tiles.count)).sorted()
    var held = data.spaces.map { Tensor(repeating: 0, shape: $0) }
    var parts: [Part] = []
    for index in kept {
      let place = tiles[index]
      if tiles.count > 1 {
        let box = Box(origin: place.origin, size: maker.sampler.patch)
        let space = data.spaces[place.image]
        held[place.image].modify { values in
          box.forEachRow(in: space) { row in
            for pixel in row { values[pixel] = 1 }
          }
        }
      }
      guard parts.count < mostPatches else { continue }
      let noisy = try maker.sampler.patch(at: place, of: data.inputs[place.image])
      let target = try data.targets.map { try maker.sampler.patch(at: place, of: $0[place.image]) }
      for draw in 0..<(options.mask == nil ? 1 : draws) {
        parts.append(
          try Part(
            noisy: noisy, target: target ?? noisy, mask: options.mask?.validation,
            stream: RandomStream(
              seed: options.seed, purpose: .validation, epoch: 1, step: index, sample: draw)))
      }
    }
    return (held, parts)
  }

  private static func keepPixels(
    _ tiles: [PatchSampler.Place], _ data: TrainingData, _ options: TrainingOptions,
    _ maker: BatchMaker
  ) throws -> ([Tensor?], [Part]) {
    let share = Float(options.validation / 5)
    let held = data.spaces.enumerated().map { image, space in
      var stream = RandomStream(
        seed: options.seed, purpose: .validation, epoch: 2, sample: image)
      return Tensor(shape: space) { _ in stream.bernoulli(share) ? 1 : 0 }
    }
    let parts = try tiles.prefix(mostPatches).map { place in
      let noisy = try maker.sampler.patch(at: place, of: data.inputs[place.image])
      let target = try data.targets.map { try maker.sampler.patch(at: place, of: $0[place.image]) }
      let pattern = try maker.sampler.patch(at: place, of: held[place.image])
      return try Part(
        noisy: noisy, target: target ?? noisy, mask: FixedMask(pattern: pattern),
        stream: RandomStream(seed: options.seed, purpose: .validation))
    }
    return (held, parts)
  }
}

/// Hides the very pixels of a pattern, in every channel, behind the mean of their visible
/// neighbours.
struct FixedMask: Mask {
  /// 1 where hidden, [space…].
  let pattern: Tensor

  var description: String { "fixed" }

  func check(spatial: [Int]) throws {
    guard spatial == pattern.shape else {
      throw DenoiseError("a pattern of \(pattern.shape.asShape) on \(spatial.asShape)")
    }
  }

  func hide(in sample: inout MaskedSample, stream: inout RandomStream) {
    for (pixel, value) in pattern.values.enumerated() where value != 0 { sample.hide(pixel) }
    sample.fillHidden(.interpolate, taps: BernoulliMask.taps)
  }
}
