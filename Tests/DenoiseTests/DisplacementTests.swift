import Denoise
import Glibc
import TensorEngine
import Testing

/// Images that lie on each other, or do not.
@Suite struct DisplacementTests {
  /// Smooth blobs at places that any shift can be applied to.
  private static func scene(_ shape: [Int], shift: [Double] = []) -> Tensor {
    Tensor(shape: [1] + shape) { index in
      var place = (index % shape.product)
      var position = [Double](repeating: 0, count: shape.count)
      for axis in shape.indices.reversed() {
        position[axis] = Double(place % shape[axis]) - (shift.isEmpty ? 0 : shift[axis])
        place /= shape[axis]
      }
      var value = 0.0
      for blob in 0..<6 {
        let distance = position.enumerated().reduce(0.0) { sum, part in
          let centre =
            Double(shape[part.offset]) * (0.3 + 0.4 * abs(sin(Double(7 * blob + part.offset))))
          return sum + pow(part.element - centre, 2)
        }
        value += exp(-distance / (4 + Double(blob)))
      }
      return Float(10 * value)
    }
  }

  private static func noisy(_ tensor: Tensor, sigma: Double, seed: UInt64) throws -> Tensor {
    let axes = ["CX", "CYX", "CZYX"][tensor.rank - 2]
    return try GaussianNoise(sigma: sigma).applied(to: Image(tensor, axes: axes), seed: seed).tensor
  }

  @Test(arguments: [
    ([64], [1.3]), ([48, 64], [0.65, -2.4]), ([33, 40], [-5.0, 0.1]),
    ([20, 24, 28], [0.5, 1.25, -0.75]),
  ])
  func displacementsAreFound(_ shape: [Int], _ shift: [Double]) throws {
    let (still, moved) = (Self.scene(shape), Self.scene(shape, shift: shift))
    let clean = try Displacement(of: moved, from: still)
    for (found, wanted) in zip(clean.pixels, shift) { #expect(abs(found - wanted) < 0.05) }
    // Both under noise.
    let found = try Displacement(
      of: Self.noisy(moved, sigma: 1, seed: 1), from: Self.noisy(still, sigma: 1, seed: 2))
    for (found, wanted) in zip(found.pixels, shift) { #expect(abs(found - wanted) < 0.25) }
    #expect(found.certainty > 3)
    #expect(try Displacement(of: still, from: still).distance < 1e-3)
  }

  @Test func whatIsMovedBackLiesThere() throws {
    let (still, moved) = (Self.scene([48, 64]), Self.scene([48, 64], shift: [0.65, -2.4]))
    let image = try Image(moved, axes: "CYX")
    let back = try image.aligned(by: image.displacements(from: Image(still, axes: "CYX")))
    let error = zip(back.tensor.values, still.values).map { abs($0 - $1) }.max() ?? 1
    #expect(error < 0.02 * (still.values.max() ?? 1))
    #expect(back.shape == image.shape)
  }

  /// Frames that drift lie on their mean afterwards.
  @Test func framesOfAStackAreMoved() throws {
    let frames = try [-1.5, -0.5, 0.5, 1.5].map { drift in
      try Image(Self.scene([48, 64], shift: [drift, -drift]).part(0), axes: "YX")
    }
    let stack = try Image.stacked(frames, along: "T")
    let found = try stack.displacements()
    for (one, next) in zip(found, found.dropFirst()) {
      #expect(abs(next.pixels[0] - one.pixels[0] - 1) < 0.05)
      #expect(abs(next.pixels[1] - one.pixels[1] + 1) < 0.05)
    }
    let after = try stack.aligned(by: found).displacements()
    for displacement in after { #expect(displacement.distance < 0.05) }
  }

  /// White noise stays as strong and as white as it was.
  @Test func noiseStaysWhite() throws {
    let (still, moved) = (Self.scene([96, 96]), Self.scene([96, 96], shift: [0.5, 0.5]))
    let noisy = try Image(Self.noisy(moved, sigma: 1, seed: 3), axes: "CYX")
    let reference = try Image(still, axes: "CYX")
    let back = try noisy.aligned(by: [Displacement(of: moved, from: still)])
    let residual = try Image(
      Tensor(zip(back.tensor.values, reference.tensor.values).map { $0 - $1 }, shape: back.shape),
      axes: "CYX")
    let level = residual.tensor.values.reduce(0) { $0 + Double($1) * Double($1) } / Double(96 * 96)
    #expect(abs(level.squareRoot() - 1) < 0.05)
    #expect(abs(try ResidualAutocorrelation(of: residual).largest) < 0.06)
  }

  @Test func noiseAloneIsNotSure() throws {
    for seed in 1...5 {
      let zero = Tensor(repeating: 0, shape: [1, 128, 128])
      let found = try Displacement(
        of: Self.noisy(zero, sigma: 1, seed: UInt64(seed)),
        from: Self.noisy(zero, sigma: 1, seed: UInt64(seed + 100)), most: 4)
      #expect(!found.isSure)
    }
  }

  @Test func whatCannotBeAlignedIsRefused() throws {
    let image = try Image(Self.scene([32, 32]).part(0), axes: "YX")
    let small = try Image(Self.scene([16, 32]).part(0), axes: "YX")
    #expect(throws: DenoiseError.self) { try image.displacements() }
    #expect(throws: DenoiseError.self) { try image.displacements(from: small) }
    let flat = try Image(Tensor(repeating: 2, shape: [32, 32]), axes: "YX")
    #expect(throws: DenoiseError.self) { try flat.displacements(from: flat) }
  }
}
