import Denoise
import Formats
import Lang
import TensorEngine

struct PredictCommand: Command {
  static let name = "predict"
  static let summary = "denoises an image with a trained network"
  static let details = """
    Any size works: the image is padded by reflection and, where it is large, cut into tiles whose
    result equals that of the whole. With `std=true` gives back `[image, spread]`.

    A file name, or an image on the disk (`load FILE memory=map`), with `to=FILE` is read and written
    piece by piece, so it may be larger than memory; `memory=` is kept to.

    `mix=` puts some of the noisy image back: a share, or with `mode=phases` the best one by the
    prediction's own error (`error`), or the share at each frequency that training on two exposures
    found (`shells`). That, and `blend`, are for images in memory.
    """
  static let group = "Training"
  static let examples = [
    Example("clean = predict net noisy samples=50"),
    Example("clean = predict (train noisy method=n2s epochs=1) noisy mode=phases mix=error"),
  ]

  @Argument("trained model") var model: ModelValue
  @Argument("image or file name") var image: DataArgument
  @Option("passes that are averaged", in: 1...100_000) var samples: Int?
  @Option("how a pass is made; the method's own where none is given")
  var mode: PredictionOptions.Mode?
  @Option("side of a tile, or a list of sides") var tile: Either<Int, [Int]>?
  @Option("elements thrown away at each side of a tile", in: 0...) var overlap: Int?
  @Option("averages over all orientations, or so many of them") var tta: TurnsChoice?
  @Option("share of the noisy image mixed back, or `error` or `shells`")
  var mix: MixChoice?
  @Option("share of block matching mixed in; what training found best where not given")
  var blend: BlendChoice?
  @Option("also gives the spread over passes") var std = false
  @Option("whole numbers from 0 on, in the type of the input: what a detector counts")
  var counts = false
  @Option("seed of the passes") var seed: Int?
  @Option("what activations are stored in; as in training where not given")
  var precision: Precision?
  @Option("bytes a pass may take, as a number or \"2GB\"") var memory: MemorySize?
  @Option("file to write to") var to: String?
  @Option("whether a file that is there may be replaced") var overwrite = false

  func run(in context: Context) throws -> Value {
    if let to, !std, context.writesFiles, let file = try image.onlyFile {
      return try stream(file, to, context)
    }
    let images = try image.images()
    guard images.count == 1, let image = images.first else {
      throw LangError("`predict` takes one image", argument: "image")
    }
    let predictor = try Predictor(model.model, options(context))
    let progress = context.progress
    let clock = ContinuousClock()
    let start = clock.now
    var outcome = try predictor.predict(image) { done in
      progress.show(
        ProgressUpdate(
          task: "predict", done: done, seconds: start.duration(to: clock.now).seconds))
    }
    progress.finish()
    let made = Provenance.line(model.model)
    Provenance.put(made, on: &outcome.image)
    if counts { Counts.keep(&outcome.image, as: image.stored) }
    if let to, context.writesFiles {
      let report = try Formats.save(
        outcome.image, to,
        SaveOptions(overwrite: overwrite, provenance: made))
      for note in report.notes { context.note(note) }
    }
    guard std else { return .image(outcome.image) }
    guard let spread = outcome.spread else {
      throw LangError(
        "one pass has no spread", hint: "average several: `samples=50 mode=dropout`, or `tta=true`",
        argument: "std")
    }
    return .list([.image(outcome.image), .image(spread)])
  }

  /// Denoises a file into a file, piece by piece.
  private func stream(_ file: FileImage, _ to: String, _ context: Context) throws -> Value {
    for note in file.notes { context.note(note) }
    let predictor = try Predictor(model.model, options(context))
    var info = file.info
    info.stored = counts ? Counts.type(of: file.stored) : .float32
    var options = SaveOptions(overwrite: overwrite, provenance: Provenance.line(model.model))
    if let memory { options.limit = MemoryLimit(bytes: memory.bytes / 2) }
    let target = try Formats.writer(info, to, options)
    let progress = context.progress
    let clock = ContinuousClock()
    let start = clock.now
    try predictor.predict(file, inRows: !target.takesRuns) { done in
      progress.show(
        ProgressUpdate(
          task: "predict", done: done, seconds: start.duration(to: clock.now).seconds))
    } write: { values, first in
      try target.write(counts ? values.map(Counts.whole)[...] : values, element: first)
    }
    progress.finish()
    let report = try target.finish()
    for note in report.notes { context.note(note) }
    return .host(FileValue(try FileImage(to)))
  }

  private func options(_ context: Context) throws -> PredictionOptions {
    var options = model.model.prediction
    options.precision = Precision.inUse(precision ?? options.precision, context)
    if let samples {
      options.samples = samples
      if samples > 1 && mode == nil && model.model.mask != nil { options.mode = .dropout }
    }
    options.mode = mode ?? options.mode
    options.turns = tta?.turns ?? options.turns
    if let mix { options.set(mix) }
    if options.mixBack == .shells(nil) {
      throw LangError(
        "the model has no shares for `mix=shells`", hint: "training with a `target=` finds them",
        argument: "mix")
    }
    if let blend {
      // What is asked for without its noise takes off what training found.
      if case .share(let share, nil) = blend.blend, case .share(_, let noise) = options.blend {
        options.blend = .share(share, noise: noise)
      } else {
        options.blend = blend.blend
      }
    }
    switch tile {
    case .first(let side)?: options.tile = [side]
    case .second(let sides)?: options.tile = sides
    case nil: break
    }
    options.overlap = overlap
    options.memory = memory?.bytes
    if let seed { options.seed = UInt64(bitPattern: Int64(seed)) }
    return options
  }
}

/// Results in the counts of a detector.
private enum Counts {
  static func whole(_ value: Float) -> Float { max(0, value.rounded(.toNearestOrEven)) }

  /// The type that keeps them: the input's, or one of whole numbers where that has none.
  static func type(of stored: StoredType) -> StoredType {
    stored.range == nil ? .float32 : stored
  }

  static func keep(_ image: inout Image, as stored: StoredType) {
    image.tensor.modify { values in
      for index in values.indices { values[index] = whole(values[index]) }
    }
    image.stored = type(of: stored)
  }
}
