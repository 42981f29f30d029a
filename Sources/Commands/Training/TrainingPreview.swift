import Denoise
import Formats
import Graphics
import Lang
import TensorEngine

/// The middle of the data as the network denoises it while it trains.
final class TrainingPreview {
  /// The file that is rewritten; nil where only the terminal shows it.
  let path: String?
  private let crop: Image
  private let options: SliceOptions
  /// The newest picture, one pixel a voxel.
  private(set) var raster: Raster?
  private var spent = 0.0

  /// Longest side of the part that is shown, and voxels to either side of a volume's plane.
  private static let side = 256
  private static let slab = 8
  /// Share of the training's time that previews may take.
  private static let share = 0.05

  /// - Throws: where the data has no plane to show.
  init(of source: any ImageSource, to path: String?) throws {
    self.path = path
    let spatial = source.spatialDimensions
    let block = source.shape.enumerated().map { axis, length -> Range<Int> in
      guard let place = spatial.firstIndex(of: axis) else {
        let isSample = source.dimension(of: "S") == axis || source.dimension(of: "T") == axis
        return isSample ? length / 2..<length / 2 + 1 : 0..<length
      }
      let most =
        spatial.count == 3 && place == 0 ? 2 * TrainingPreview.slab : TrainingPreview.side
      let side = min(length, most)
      return (length - side) / 2..<(length - side) / 2 + side
    }
    crop = try Image(
      Tensor(source.values(in: block), shape: block.map(\.count)), axes: source.axes,
      stored: source.stored)
    var options = SliceOptions()
    if let z = crop.dimension(of: "Z") { options.index["z"] = crop.shape[z] / 2 }
    self.options = options
    // Whatever cannot be shown is said before the training, not during it.
    _ = try Slice(of: crop, options)
  }

  /// Denoises with the model as it is now, unless that would take too much of the time.
  ///
  /// - Parameters:
  ///   - seconds: wall time of the training so far.
  ///   - always: whether to do it in any case, as at the end.
  func update(_ model: () throws -> TrainedModel, at seconds: Double, always: Bool = false) {
    guard always || spent <= seconds * TrainingPreview.share else { return }
    let clock = ContinuousClock()
    let start = clock.now
    defer { spent += start.duration(to: clock.now).seconds }
    // A preview is not worth an error: without it the training goes on.
    guard let model = try? model() else { return }
    var prediction = model.prediction
    if prediction.mode == .dropout { (prediction.samples, prediction.turns) = (1, .none) }
    guard let predictor = try? Predictor(model, prediction),
      let clean = try? predictor.predict(crop).image,
      let slice = try? Slice(of: clean, options)
    else { return }
    raster = slice.raster
    if let path { try? slice.write(to: path) }
  }
}
