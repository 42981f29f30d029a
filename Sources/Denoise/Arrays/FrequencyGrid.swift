import Glibc
import TensorEngine

/// Spatial frequencies of the elements of a spectrum.
public struct FrequencyGrid: Sendable {
  /// Sides of the spectrum.
  public let shape: [Int]
  /// Voxel size along each axis.
  public let spacing: [Double]

  public init(shape: [Int], spacing: [Double]? = nil) {
    self.shape = shape
    let known = spacing.map { $0.count == shape.count && $0.allSatisfy { $0 > 0 } } ?? false
    self.spacing = known ? spacing ?? [] : shape.map { _ in 1 }
  }

  /// The spatial axes of an image.
  public init(of image: Image) {
    self.init(shape: image.spatialDimensions.map { image.shape[$0] }, spacing: image.voxel)
  }

  /// The highest frequency that all axes have, in 1/unit.
  public var nyquist: Double { 0.5 / (spacing.max() ?? 1) }

  /// Signed frequencies along one axis, in 1/unit: 0, 1, … -1 over the axis' length.
  func line(_ axis: Int) -> [Double] {
    let count = shape[axis]
    let length = Double(count) * spacing[axis]
    return (0..<count).map { Double($0 <= count / 2 ? $0 : $0 - count) / length }
  }

  /// Complex numbers that turn the frequencies of a line as moving by some pixels back does.
  ///
  /// - Parameter line: in 1/pixel.
  static func phases(of line: [Double], back pixels: Double) -> [SIMD2<Double>] {
    line.map { SIMD2(cos(2 * Double.pi * $0 * pixels), sin(2 * Double.pi * $0 * pixels)) }
  }

  /// Length of the frequency vector of each element, row-major, in 1/unit.
  public var magnitudes: [Float] { lengths { line($0) } }

  /// The same with each axis counted in shares of its own Nyquist frequency.
  public var nyquistShares: [Float] {
    lengths { axis in line(axis).map { $0 * 2 * spacing[axis] } }
  }

  private func lengths(_ line: (Int) -> [Double]) -> [Float] {
    var squares = [0.0]
    for axis in shape.indices {
      let steps = line(axis)
      squares = squares.flatMap { square in steps.map { square + $0 * $0 } }
    }
    return squares.map { Float($0.squareRoot()) }
  }
}
