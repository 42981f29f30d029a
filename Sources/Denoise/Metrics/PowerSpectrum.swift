import TensorEngine

/// The radially averaged power of an image over spatial frequency.
public struct PowerSpectrum: Sendable {
  /// Middle of each shell, in 1/unit of the voxel size (cycles a pixel where that is unknown).
  public let frequencies: [Double]
  /// Mean |F|^2 over the number of elements, so that white noise has its variance at every
  /// frequency.
  public let powers: [Double]

  /// - Throws: `DenoiseError` for an image without space or one that is too small; `Interrupted`.
  public init(of image: Image) throws {
    let planes = try Planes(of: image)
    let shells = ShellGrid(FrequencyGrid(of: image))
    guard shells.count > 1 else {
      throw DenoiseError("\(image.shape.asShape) is too small for a power spectrum")
    }
    var sums = ShellSums(count: shells.count)
    for plane in 0..<planes.count {
      let spectrum = try Spectrum(of: planes.values(plane), shape: planes.spatial)
      sums.add(shells.sums(spectrum, spectrum))
    }
    frequencies = (1..<shells.count).map { shells.frequency($0) }
    powers = (1..<shells.count).map { shell in
      sums.first[shell] / Double(max(1, sums.counts[shell])) / Double(planes.area)
    }
  }

  /// The points of a Guinier plot: the logarithm of the amplitude over the squared frequency, whose
  /// slope is minus a quarter of the B-factor (Rosenthal and Henderson 2003). Shells without power
  /// are left out.
  public var guinier: (squares: [Double], logarithms: [Double]) {
    let shells = zip(frequencies, powers).filter { $0.1 > 0 }
    return (shells.map { $0.0 * $0.0 }, shells.map { 0.5 * Elementary.log($0.1) })
  }
}
