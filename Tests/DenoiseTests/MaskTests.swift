import Denoise
import TensorEngine
import Testing

@Suite struct MaskTests {
  /// Every mask that is strictly blind.
  static let blind: [any Mask] = {
    var masks: [any Mask] = []
    for manipulation in PixelMask.Manipulation.allCases {
      masks += [try? PixelMask(percent: 2, manipulation: manipulation, radius: 2)]
        .compactMap { $0 }
    }
    for fill in Fill.allCases {
      masks += [try? GridMask(width: 4, fill: fill)].compactMap { $0 }
      masks += [try? BernoulliMask(fill: fill)].compactMap { $0 }
      masks += [try? PercentMask(fill: fill)].compactMap { $0 }
      for shape in BlindSpotMask.Shape.allCases {
        masks += [try? BlindSpotMask(shape: shape, fill: fill)].compactMap { $0 }
      }
    }
    return masks + [try? StructuredMask(axis: "x", length: 5, percent: 2)].compactMap { $0 }
  }()

  static func batch(_ shape: [Int], seed: UInt64 = 3) -> Tensor {
    var stream = RandomStream(seed: seed, purpose: .sample)
    return Tensor(shape: shape) { _ in stream.normal() }
  }

  static func streams(_ count: Int, seed: UInt64 = 5) -> [RandomStream] {
    (0..<count).map { RandomStream(seed: seed, purpose: .mask, sample: $0) }
  }

  @Test(arguments: [[2, 2, 64], [2, 3, 16, 20], [2, 1, 8, 12, 10]])
  func inputDoesNotDependOnHiddenPixels(shape: [Int]) throws {
    #expect(MaskTests.blind.count == 18)
    let noisy = MaskTests.batch(shape)
    for mask in MaskTests.blind {
      let masked = try mask.applied(to: noisy, streams: MaskTests.streams(2))
      let hidden = masked.hidden.values.indices.filter { masked.hidden.values[$0] == 1 }
      #expect(!hidden.isEmpty, "\(mask) hides nothing in \(shape)")
      // One pixel at a time: a hidden pixel may show in the input of another hidden pixel, as a
      // neighbour drawn for it, but never in its own.
      for index in hidden.prefix(12) {
        var other = noisy
        other.modify { $0[index] = 1_000 }
        let changed = try mask.applied(to: other, streams: MaskTests.streams(2))
        #expect(changed.hidden == masked.hidden, "\(mask)")
        #expect(changed.input.values[index] == masked.input.values[index], "\(mask) at \(index)")
      }
    }
  }

  @Test func visiblePixelsStayAsTheyAre() throws {
    let noisy = MaskTests.batch([2, 2, 24, 24])
    for mask in MaskTests.blind where !(mask is StructuredMask) {
      let masked = try mask.applied(to: noisy, streams: MaskTests.streams(2))
      for index in noisy.values.indices where masked.hidden.values[index] == 0 {
        #expect(masked.input.values[index] == noisy.values[index], "\(mask)")
      }
    }
  }

  @Test func sameStreamsGiveTheSameMaskAndOthersAnother() throws {
    let noisy = MaskTests.batch([2, 1, 32, 32])
    for mask in MaskTests.blind {
      let first = try mask.applied(to: noisy, streams: MaskTests.streams(2))
      let again = try mask.applied(to: noisy, streams: MaskTests.streams(2))
      #expect(first.input == again.input && first.hidden == again.hidden, "\(mask)")
    }
    let mask = try BernoulliMask()
    let first = try mask.applied(to: noisy, streams: MaskTests.streams(2))
    let other = try mask.applied(to: noisy, streams: MaskTests.streams(2, seed: 6))
    #expect(first.hidden != other.hidden)
  }

  @Test(arguments: [(1, 50.0), (2, 0.2), (3, 0.2)])
  func pixelMaskHidesItsShareInEveryDimension(dimensions: Int, percent: Double) throws {
    let sides = [1: [4096], 2: [256, 256], 3: [64, 64, 64]][dimensions] ?? []
    let noisy = MaskTests.batch([1, 1] + sides)
    let masked = try PixelMask(percent: percent).applied(
      to: noisy, streams: MaskTests.streams(1))
    #expect(abs(masked.share * 100 / percent - 1) < 0.1)
  }

  @Test func pixelMaskHidesOnePixelInEachBox() throws {
    // The box of 4 percent has the side 5.
    let masked = try PixelMask(percent: 4).applied(
      to: MaskTests.batch([1, 1, 20, 20]), streams: MaskTests.streams(1))
    for row in 0..<4 {
      for column in 0..<4 {
        var count: Float = 0
        for y in 0..<5 {
          for x in 0..<5 { count += masked.hidden.values[(row * 5 + y) * 20 + column * 5 + x] }
        }
        #expect(count == 1)
      }
    }
  }

  @Test func chosenPixelsCountEvenWhereTheirValueStays() throws {
    let flat = Tensor(repeating: 1, shape: [1, 1, 64, 64])
    let masked = try PixelMask(percent: 1).applied(to: flat, streams: MaskTests.streams(1))
    #expect(masked.input == flat)
    #expect(masked.share > 0.005)
  }

  @Test func centerMayBeDrawnOnlyWhereAsked() throws {
    let noisy = MaskTests.batch([1, 1, 128, 128])
    var kept: [Bool: Int] = [:]
    for center in [false, true] {
      let mask = try PixelMask(percent: 4, radius: 1, center: center)
      let masked = try mask.applied(to: noisy, streams: MaskTests.streams(1))
      kept[center] = noisy.values.indices.count {
        masked.hidden.values[$0] == 1 && masked.input.values[$0] == noisy.values[$0]
      }
    }
    #expect(kept[false] == 0)
    #expect((kept[true] ?? 0) > 30)
  }

  @Test func gridPhasesCoverEachPixelOnceAndTheLastIsKept() throws {
    let noisy = MaskTests.batch([1, 2, 9, 10])
    let grid = try GridMask(width: 3)
    var seen = Tensor(repeating: 0, shape: noisy.shape)
    for phase in 0..<grid.phases(dimensions: 2) {
      let masked = try grid.hiding(phase: phase).applied(to: noisy, streams: MaskTests.streams(1))
      seen.modify { values in
        for index in values.indices { values[index] += masked.hidden.values[index] }
      }
    }
    #expect(seen.values.allSatisfy { $0 == 1 })
    let last = try grid.validation.applied(to: noisy, streams: MaskTests.streams(1))
    for seed in 0..<40 {
      let drawn = try grid.applied(
        to: noisy, streams: MaskTests.streams(1, seed: UInt64(seed)))
      #expect(drawn.hidden != last.hidden)
    }
  }

  @Test func gridInterpolatesWithNoise2SelfsWeights() throws {
    let noisy = MaskTests.batch([1, 1, 8, 8])
    let masked = try GridMask(width: 4).hiding(phase: 5).applied(
      to: noisy, streams: MaskTests.streams(1))
    // Phase 5 of width 4 starts at (1, 1).
    let at = { (y: Int, x: Int) in noisy.values[y * 8 + x] }
    let sides = at(0, 1) + at(2, 1) + at(1, 0) + at(1, 2)
    let corners = at(0, 0) + at(0, 2) + at(2, 0) + at(2, 2)
    #expect(abs(masked.input.values[9] - (sides + 0.5 * corners) / 6) < 1e-6)
    #expect(masked.hidden.values[9] == 1)
  }

  @Test func bernoulliHidesChannelsApartOrTogether() throws {
    let noisy = MaskTests.batch([1, 2, 64, 64])
    let together = try BernoulliMask(perChannel: false).applied(
      to: noisy, streams: MaskTests.streams(1))
    #expect(together.hidden.values[..<4096] == together.hidden.values[4096...])
    let apart = try BernoulliMask().applied(to: noisy, streams: MaskTests.streams(1))
    let both = (0..<4096).count {
      apart.hidden.values[$0] == 1 && apart.hidden.values[4096 + $0] == 1
    }
    #expect(abs(Double(both) / 4096 - 0.09) < 0.02)
    #expect(abs(apart.share - 0.3) < 0.02)
  }

  @Test func bernoulliInterpolatesFromVisibleNeighbours() throws {
    let ramp = Tensor(shape: [1, 1, 40, 40]) { Float($0 % 40) }
    let masked = try BernoulliMask(probability: 0.3, fill: .interpolate).applied(
      to: ramp, streams: MaskTests.streams(1))
    for index in ramp.values.indices {
      #expect(abs(masked.input.values[index] - ramp.values[index]) <= 2)
    }
  }

  @Test func percentHidesExactly() throws {
    let noisy = MaskTests.batch([3, 4, 50])
    let masked = try PercentMask(share: 0.2).applied(to: noisy, streams: MaskTests.streams(3))
    for sample in 0..<3 {
      #expect(masked.hidden.values[sample * 200..<(sample + 1) * 200].reduce(0, +) == 40)
    }
  }

  @Test func lineReplacesNeighboursButCountsTheCentre() throws {
    let noisy = MaskTests.batch([1, 1, 30, 30])
    let mask = try StructuredMask(axis: "x", length: 5, percent: 0.2)
    let masked = try mask.applied(to: noisy, streams: MaskTests.streams(1))
    let chosen = masked.hidden.values.indices.filter { masked.hidden.values[$0] == 1 }
    for index in noisy.values.indices {
      let covered = chosen.contains { abs($0 - index) <= 2 && $0 / 30 == index / 30 }
      #expect((masked.input.values[index] != noisy.values[index]) == covered)
    }
    let turn = try Orientation(permutation: [1, 0], flips: [false, false])
    let mirror = try Orientation(permutation: [0, 1], flips: [true, true])
    #expect(!mask.isKept(by: turn) && mask.isKept(by: mirror))
    #expect(Augmentation.dihedral.orientations(of: [30, 30], keeping: mask).count == 4)
  }

  @Test func blindSpotHidesWholeBalls() throws {
    let noisy = MaskTests.batch([1, 2, 16, 16, 16])
    let masked = try BlindSpotMask(radius: 2, percent: 0.02).applied(
      to: noisy, streams: MaskTests.streams(1))
    let hidden = masked.hidden.values
    #expect(hidden[..<4096] == hidden[4096...])
    // A ball of radius 2 has 33 voxels; one of them at least is not cut by the border.
    #expect(hidden[..<4096].reduce(0, +) >= 8)
    #expect(zip(masked.input.values, noisy.values).contains { $0 != $1 })
  }

  @Test func wrongOptionsAndBatchesAreRefused() {
    #expect(throws: DenoiseError.self) { try PixelMask(percent: 0) }
    #expect(throws: DenoiseError.self) { try PixelMask(radius: 0) }
    #expect(throws: DenoiseError.self) { try GridMask(width: 1) }
    #expect(throws: DenoiseError.self) { try BernoulliMask(probability: 1) }
    #expect(throws: DenoiseError.self) { try PercentMask(share: .nan) }
    #expect(throws: DenoiseError.self) { try StructuredMask(axis: "x", length: 4) }
    #expect(throws: DenoiseError.self) { try StructuredMask(axis: "c", length: 3) }
    #expect(throws: DenoiseError.self) { try BlindSpotMask(radius: -1) }
    #expect(throws: DenoiseError.self) {
      try BernoulliMask().applied(to: MaskTests.batch([4, 4]), streams: MaskTests.streams(4))
    }
    #expect(throws: DenoiseError.self) {
      try GridMask(width: 4).applied(
        to: MaskTests.batch([1, 1, 3, 9]), streams: MaskTests.streams(1))
    }
  }

  @Test func descriptionsReadAsTheLanguage() throws {
    #expect(try PixelMask().description == "pixels(percent=0.2, manipulate=uniform, radius=5)")
    #expect(
      try BernoulliMask(perChannel: false).description
        == "bernoulli(p=0.3, per_channel=false, fill=zero)")
    #expect(try GridMask().description == "grid(width=4, fill=interpolate)")
  }
}
