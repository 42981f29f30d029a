import TensorEngine

/// Built-in data that needs no download, with its clean truth: `sample "cells" noise=gaussian(25)`.
///
/// Deterministic: the same name, size and seed give the same values on every machine and number of
/// threads.
public struct Sample: Sendable {
  public let name: String
  public let summary: String
  /// Letters of the truth's axes.
  public let axes: String
  public let defaultSize: [Int]
  /// Smallest sides at which the picture still shows what it is meant to.
  let minimumSize: [Int]
  /// Draws the images of a size that was checked; the truth is the last of them.
  let draw: @Sendable (_ size: [Int], _ seed: UInt64) throws -> [Image]

  /// All samples, in the order in which they are listed.
  public static let all: [Sample] = [
    .cells, .shapes, .scene, .track, .tomogram, .particle, .halfmaps, .stack, .counts,
  ]

  /// - Throws: `DenoiseError` where there is no sample of the name.
  public static func named(_ name: String) throws -> Sample {
    guard let sample = all.first(where: { $0.name == name }) else {
      throw DenoiseError(
        "there is no sample \"\(name)\"",
        hint: "samples are " + all.map(\.name).joined(separator: ", "))
    }
    return sample
  }

  /// The images of the sample.
  ///
  /// - Parameters:
  ///   - size: Sides along all axes, or a single number for all spatial axes; nil for the default.
  ///   - noise: Noise to add.
  ///   - seed: Names the scene, and the noise.
  /// - Returns: Without noise the truth alone; with noise the noisy image and the truth. Half maps
  ///   come as first half, second half and truth; with noise, the halves are the truth with
  ///   independent noise of that kind.
  /// - Throws: `DenoiseError` where the size does not suit the sample.
  public func images(
    size: [Int]? = nil, noise: (any Noise)? = nil, seed: UInt64 = 0
  ) throws -> [Image] {
    let images = try draw(checked(size), seed)
    guard let noise, let truth = images.last else { return images }
    if images.count > 1 {
      return [
        try noise.applied(to: truth, seed: 2 &* seed),
        try noise.applied(to: truth, seed: 2 &* seed &+ 1), truth,
      ]
    }
    return [try noise.applied(to: truth, seed: seed), truth]
  }

  private func checked(_ size: [Int]?) throws -> [Int] {
    guard let size else { return defaultSize }
    var sides = size
    if size.count == 1, defaultSize.count > 1 {
      sides = zip(axes, defaultSize).map { "ZYX".contains($0) ? size[0] : $1 }
    }
    guard sides.count == defaultSize.count else {
      throw DenoiseError(
        "sample \"\(name)\" has axes \(axes): size takes one number or \(defaultSize.count)")
    }
    guard let count = sides.checkedProduct, count <= 1 << 30,
      zip(sides, minimumSize).allSatisfy({ $0 >= $1 })
    else {
      throw DenoiseError(
        "sample \"\(name)\" cannot be made in size \(sides.asShape)",
        hint: "from \(minimumSize.asShape) to 2^30 elements")
    }
    return sides
  }
}
