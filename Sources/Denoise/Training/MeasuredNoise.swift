import Synchronization
import TensorEngine

/// The noise of data that is to be trained on, measured before anything is learnt.
public struct MeasuredNoise: Sendable {
  public let model: NoiseModel
  /// Whether all noise there is may be drawn anew by the model: its strength follows brightness, its
  /// tails are those of a Gaussian, and neighbours share no more of it than was found.
  public let isExplained: Bool
  /// How long it took to measure it, in seconds.
  public let seconds: Double

  /// Sides of the middles that are looked at, of signals, pictures and volumes, and how many
  /// elements there are at most.
  private static let sides = [8192, 512, 80]
  private static let mostElements = 1 << 20
  /// The same for what neighbours share, which asks for more and costs less.
  private static let widerSides = [8192, 1024, 128]
  private static let mostMiddles = 16

  /// - Returns: nil where there is no noise to be found.
  /// - Throws: as reading does; `Interrupted`.
  init?(of data: TrainingData) throws {
    let clock = ContinuousClock()
    let start = clock.now
    let side = MeasuredNoise.sides[data.dimensions - 1]
    let each = data.channels * data.spaces[0].map { min(side, $0) }.product
    let images = try data.middles(
      side: side, most: min(MeasuredNoise.mostMiddles, max(1, MeasuredNoise.mostElements / each)))
    let wide = try data.middles(
      side: MeasuredNoise.widerSides[data.dimensions - 1], most: MeasuredNoise.mostMiddles)
    guard let (model, clean) = try NoiseModel.measured(in: images, sharing: wide) else {
      return nil
    }
    self.model = model
    isExplained = try model.explains(images, clean)
    seconds = start.duration(to: clock.now).inSeconds
  }
}

/// What is found once and asked for again.
final class Remembered<Value: Sendable>: Sendable {
  private let found = Mutex<Value?>(nil)

  /// The value, if it was asked for.
  var value: Value? { found.withLock { $0 } }

  func value(_ find: () throws -> Value) rethrows -> Value {
    if let value { return value }
    let new = try find()
    found.withLock { $0 = new }
    return new
  }
}
