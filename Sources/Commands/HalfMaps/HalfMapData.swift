import Denoise
import Formats
import Lang
import TensorEngine

/// Half maps as a network trains on them: prepared, without their margin, cut where memory is short.
struct HalfMapData {
  let preparation: MapPreparation
  /// Side of a training cube, in voxels.
  let cube: Int
  /// Bytes that all maps together may take.
  let memory: Int
  let seed: UInt64

  /// Reads pairs of half maps.
  ///
  /// - Parameter note: told what the user should know.
  /// - Throws: `FormatError` where a map cannot be read.
  func load(_ pairs: [HalfMapFolder.Pair], note: (String) -> Void) throws -> TrainingData {
    var first: [Image] = []
    var second: [Image] = []
    // Maps are held twice: as they are and as the network sees them.
    let share = memory / (4 * MemoryLayout<Float>.stride * max(1, pairs.count))
    for pair in pairs {
      guard let a = pair.first, let b = pair.second else { continue }
      var halves = try [a, b].map { try prepared($0) }
      guard halves[0].shape == halves[1].shape else {
        throw LangError("the halves of map \(pair.number) differ in shape once they are resampled")
      }
      if halves[0].tensor.count > share {
        let side = max(cube, Int(Elementary.pow(Double(share), 1 / 3)))
        note("map \(pair.number) is cut to \(side) voxels a side, for memory")
        let corner = halves[0].randomCorners(
          side: side, count: 1, seed: seed &+ UInt64(pair.number))
        if !corner.isEmpty {
          halves = try halves.map { try part($0, corner[0], side) }
        }
      }
      first.append(halves[0])
      second.append(halves[1])
    }
    return try TrainingData(images: first, targets: second)
  }

  static func read(_ path: String) throws -> Image {
    guard case .image(let image) = try Formats.load(path).content else {
      throw LangError("\"\(path)\" holds no image")
    }
    return image
  }

  /// A map on the network's scale and grid; one that is smaller than a cube goes on as its mirror
  /// image.
  private func prepared(_ path: String) throws -> Image {
    let ready = try preparation.prepared(HalfMapData.read(path)).image
    let inner = try preparation.inner(ready, cube: cube)
    if inner.shape.allSatisfy({ $0 >= cube }) { return inner }
    let padding = Padding(
      of: inner.shape, toMultipleOf: 1, minimum: inner.shape.map { max($0, cube) })
    return try Image(
      padding.applied(to: inner.tensor), axes: inner.axes, voxel: inner.voxel, unit: inner.unit)
  }

  private func part(_ map: Image, _ corner: [Int], _ side: Int) throws -> Image {
    let stack = try map.pieces(at: [corner], side: side)
    return try Image(
      stack.tensor.reshaped(Array(stack.shape.dropFirst())), axes: map.axes, voxel: map.voxel,
      unit: map.unit)
  }
}
