import TensorEngine

/// The part of the data that training never compares with, and masks on it drawn once, so that
/// the validation loss is the same question at every epoch.
///
/// Where a prediction is the average of passes under random masks, so is what is validated: what
/// single passes get wrong grows while their average still becomes better.
///
/// Where the data makes many patches, a share of them is kept. A single picture makes few: there
/// a fifth of that share of its pixels, scattered, is kept (half of it where passes are averaged),
/// each hidden behind the mean of its visible neighbours when the loss is asked. Where another
/// exposure is learnt, nothing need be hidden: the loss then looks at kept pixels alone. Data given
/// for validation is kept as a whole.
package struct Validation {
  /// 1 at what is kept, for each sample of the data, [space…]; nil where nothing is.
  package let heldOut: [SampleArray?]
  private let parts: [Part]
  /// Whether each patch comes `draws` times, one after the other, to be averaged.
  let averages: Bool

  private static let fewestTiles = 40
  /// Masks drawn on each kept patch, at least; those of passes that are averaged.
  static let draws = 4
  /// Hidden pixels that the loss should look at: where a mask hides few, it is drawn more often, up
  /// to a share of the patches that an epoch trains on.
  private static let enoughPixels = 8192
  private static let shareOfEpoch = 0.125
  /// Patches of a picture whose passes are averaged.
  private static let mostAveraged = 8
  /// Share of a kept patch that is hidden for good where passes are averaged.
  private static let patternShare: Float = 0.05
  /// Patches looked at in all.
  private static let mostPatches = 256

  var isEmpty: Bool { parts.isEmpty }

  /// - Parameter other: data to validate on, of the same kind; part of `data` is kept where nil.
  package init(
    _ data: TrainingData, _ options: TrainingOptions, other: TrainingData? = nil
  ) throws {
    if let other {
      heldOut = data.inputs.map { _ in nil }
      parts = try Validation.whole(other, options, patch: BatchMaker.patch(data, options))
      averages = Validation.averages(options)
      return
    }
    let maker = try BatchMaker(data, options, heldOut: data.inputs.map { _ in nil })
    let share = options.validation
    guard (0..<1).contains(share) else {
      throw DenoiseError("`val` is a share from 0 up to 1, not \(share.plain)")
    }
    guard share > 0 else {
      heldOut = data.inputs.map { _ in nil }
      parts = []
      averages = false
      return
    }
    averages = Validation.averages(options)
    let tiles = try Validation.tiles(data, maker)
    let byPixel = options.mask != nil || options.target == .pair
    if tiles.count >= Validation.fewestTiles || !byPixel {
      (heldOut, parts) = try Validation.keepTiles(tiles, data, options, maker)
    } else {
      (heldOut, parts) = try Validation.keepPixels(tiles, data, options, maker)
    }
  }

  /// The kept data as batches of at most `size`: one list, or for each draw one of the same patches.
  package func batches(of size: Int, _ padding: Padding) throws -> [[Batch]] {
    let lists = averages ? Validation.draws : 1
    return try (0..<lists).map { draw in
      let own = stride(from: draw, to: parts.count, by: lists).map { parts[$0] }
      return try stride(from: 0, to: own.count, by: size).map { start in
        try BatchMaker.joined(Array(own[start..<min(own.count, start + size)]), padding)
      }
    }
  }

  private static func averages(_ options: TrainingOptions) -> Bool {
    options.prediction.mode == .dropout && options.mask is BernoulliMask
      && options.target == .itself
  }

  /// Patches that tile the data without overlap, as far as they hold pixels to train on.
  private static func tiles(
    _ data: TrainingData, _ maker: BatchMaker
  ) throws -> [PatchSampler.Place] {
    let patch = maker.sampler.patch
    let all = data.spaces.enumerated().flatMap { image, space in
      let counts = zip(space, patch).map { max(1, $0 / $1) }
      return (0..<counts.product).map { index in
        PatchSampler.Place(
          image: image, origin: zip(counts.position(of: index), patch).map { $0 * $1 })
      }
    }
    return try all.filter { place in
      try maker.ignored(in: place)?.values.contains(0) ?? true
    }
  }

  /// All of other data, in patches as large as those of training.
  private static func whole(
    _ data: TrainingData, _ options: TrainingOptions, patch: [Int]
  ) throws -> [Part] {
    guard data.dimensions == patch.count,
      data.spaces.allSatisfy({ zip($0, patch).allSatisfy { $0 >= $1 } })
    else {
      throw DenoiseError(
        "the data for validation is smaller than a patch of \(patch.asShape)",
        hint: "give larger images, or a smaller `patch`")
    }
    var options = options
    options.patch = patch
    let maker = try BatchMaker(data, options, heldOut: data.inputs.map { _ in nil })
    let tiles = try tiles(data, maker)
    // As many as fit, from everywhere.
    let step = max(1, (tiles.count + mostPatches - 1) / mostPatches)
    let indices = Array(stride(from: 0, to: tiles.count, by: step))
    let draws = try draws(on: indices.map { tiles[$0] }, data, options, maker)
    return try indices.flatMap { index in
      try drawn(tiles[index], number: index, draws: draws, data, options, maker)
    }
  }

  /// How many masks are drawn on each of some patches.
  private static func draws(
    on places: [PatchSampler.Place], _ data: TrainingData, _ options: TrainingOptions,
    _ maker: BatchMaker
  ) throws -> Int {
    guard let mask = options.mask, let place = places.first else { return 1 }
    let stream = RandomStream(seed: options.seed, purpose: .validation, epoch: 1)
    let one = try part(place, data, maker, mask: mask.validation, stream: stream)
    let hidden = max(1, one.hidden.values.count { $0 != 0 }) * places.count
    let patches = Double((options.steps ?? 0) * options.batch) * shareOfEpoch
    return max(draws, min(enoughPixels / hidden, Int(patches) / places.count))
  }

  /// A patch under several masks, each drawn once; as it is where nothing is hidden.
  private static func drawn(
    _ place: PatchSampler.Place, number: Int, draws: Int, _ data: TrainingData,
    _ options: TrainingOptions, _ maker: BatchMaker
  ) throws -> [Part] {
    if averages(options) {
      var stream = RandomStream(
        seed: options.seed, purpose: .validation, epoch: 4, step: number)
      let pattern = Tensor(shape: maker.sampler.patch) { _ in
        stream.bernoulli(patternShare) ? 1 : 0
      }
      return try patterned(place, pattern, number: number, data, options, maker)
    }
    return try (0..<draws).map { draw in
      let stream = RandomStream(
        seed: options.seed, purpose: .validation, epoch: 1, step: number, sample: draw)
      return try part(place, data, maker, mask: options.mask?.validation, stream: stream)
    }
  }

  /// A patch whose pattern is hidden among others, which are drawn anew each time.
  private static func patterned(
    _ place: PatchSampler.Place, _ pattern: Tensor, number: Int, _ data: TrainingData,
    _ options: TrainingOptions, _ maker: BatchMaker
  ) throws -> [Part] {
    guard let mask = options.mask else { return [] }
    return try (0..<draws).map { draw in
      // Draws of noise come with their opposites, so that less of the loss is chance.
      let noise = mask as? RecorruptMask
      let stream = RandomStream(
        seed: options.seed, purpose: .validation, epoch: 3, step: number,
        sample: noise == nil ? draw : draw / 2)
      let own: any Mask = draw % 2 == 0 ? mask : noise?.opposite ?? mask
      return try part(
        place, data, maker, mask: KeptAmongHidden(pattern: pattern, mask: own), stream: stream)
    }
  }

  /// A patch with a mask drawn once.
  private static func part(
    _ place: PatchSampler.Place, _ data: TrainingData, _ maker: BatchMaker,
    mask: (any Mask)?, stream: RandomStream
  ) throws -> Part {
    let noisy = try maker.sampler.patch(at: place, of: data.inputs[place.image])
    let target = try data.targets.map { try maker.sampler.patch(at: place, of: $0[place.image]) }
    return try Part(noisy: noisy, target: target ?? noisy, mask: mask, stream: stream)
      .withoutLoss(at: maker.ignored(in: place))
  }

  private static func keepTiles(
    _ tiles: [PatchSampler.Place], _ data: TrainingData, _ options: TrainingOptions,
    _ maker: BatchMaker
  ) throws -> ([SampleArray?], [Part]) {
    var stream = RandomStream(seed: options.seed, purpose: .validation)
    let order = stream.permutation(tiles.count)
    let wanted = max(1, Int((Double(tiles.count) * options.validation).rounded()))
    let kept = order.prefix(max(1, min(wanted, tiles.count - 1))).sorted()
    var held = data.spaces.map { SampleArray(unmarked: $0) }
    var parts: [Part] = []
    let draws = try draws(
      on: kept.prefix(mostPatches).map { tiles[$0] }, data, options, maker)
    for index in kept {
      let place = tiles[index]
      // Of one patch alone nothing can be kept: the loss is then that of the training patches.
      if tiles.count > 1 {
        held[place.image].mark(Box(origin: place.origin, size: maker.sampler.patch))
      }
      guard parts.count < mostPatches else { continue }
      parts += try drawn(place, number: index, draws: draws, data, options, maker)
    }
    return (held, parts)
  }

  private static func keepPixels(
    _ tiles: [PatchSampler.Place], _ data: TrainingData, _ options: TrainingOptions,
    _ maker: BatchMaker
  ) throws -> ([SampleArray?], [Part]) {
    let makesTarget = options.mask?.makesTarget == true
    let share = Float(options.validation / (averages(options) || makesTarget ? 2 : 5))
    let held = data.spaces.enumerated().map { image, space in
      var stream = RandomStream(
        seed: options.seed, purpose: .validation, epoch: 2, sample: image)
      return SampleArray(Tensor(shape: space) { _ in stream.bernoulli(share) ? 1 : 0 })
    }
    // Averages cost passes: some of the patches are enough, from everywhere.
    let step =
      averages(options) || makesTarget ? (tiles.count + mostAveraged - 1) / mostAveraged : 1
    let places = stride(from: 0, to: tiles.count, by: step).map { tiles[$0] }
    let parts = try places.prefix(mostPatches).enumerated().flatMap { index, place in
      let pattern = try maker.sampler.patch(at: place, of: held[place.image])
      if averages(options) || makesTarget {
        return try patterned(place, pattern, number: index, data, options, maker)
      }
      let stream = RandomStream(seed: options.seed, purpose: .validation)
      if options.mask == nil {
        let others = Tensor(shape: pattern.shape) { pattern.values[$0] == 0 ? 1 : 0 }
        return [
          try part(place, data, maker, mask: nil, stream: stream).withoutLoss(at: others)
        ]
      }
      return [
        try part(place, data, maker, mask: FixedMask(pattern: pattern), stream: stream)
      ]
    }
    return (held, parts)
  }
}

/// Hides the very pixels of a pattern, in every channel, among others that a mask draws; the loss
/// looks at those of the pattern. A mask that makes its own target leaves them to be seen.
struct KeptAmongHidden: Mask {
  /// 1 where hidden for good, [space…].
  let pattern: Tensor
  let mask: any Mask

  var description: String { "kept among \(mask)" }
  var makesTarget: Bool { mask.makesTarget }

  func hide(in sample: inout MaskedSample, stream: inout RandomStream) {
    if !mask.makesTarget {
      for (pixel, value) in pattern.values.enumerated() where value != 0 { sample.hide(pixel) }
    }
    mask.hide(in: &sample, stream: &stream)
    for index in sample.hidden.indices where pattern.values[index % sample.area] == 0 {
      if sample.hidden[index] != 0 { sample.ignore(index) }
    }
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
