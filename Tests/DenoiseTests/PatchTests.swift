import Denoise
import TensorEngine
import Testing

@Suite struct PatchTests {
  static func numbered(_ shape: [Int]) -> Tensor { Tensor(shape: shape) { Float($0) } }

  @Test(arguments: [1, 2, 3])
  func orientationsAreAllThereAndUndoThemselves(rank: Int) throws {
    let all = Orientation.all(rank: rank)
    #expect(all.count == [2, 8, 48][rank - 1])
    let source = PatchTests.numbered([2] + [3, 4, 5].prefix(rank))
    var results: Set<[Float]> = []
    for orientation in all {
      let turned = try orientation.applied(to: source)
      #expect(try orientation.inverse.applied(to: turned) == source)
      results.insert(turned.shape.map(Float.init) + turned.values)
    }
    #expect(results.count == all.count)
  }

  @Test func orientationsComposeAsGroups() throws {
    let source = PatchTests.numbered([3, 4, 5])
    let all = Orientation.all(rank: 3)
    for a in all.prefix(20) {
      for b in all.suffix(20) {
        let stepwise = try a.applied(to: b.applied(to: source))
        #expect(try a.after(b).applied(to: source) == stepwise)
      }
    }
  }

  @Test func quarterTurnIsNumPysRot90() throws {
    // numpy.rot90([[0, 1, 2], [3, 4, 5]], axes=(1, 0)) is [[3, 0], [4, 1], [5, 2]].
    let turn = try Orientation(permutation: [1, 0], flips: [false, true])
    let turned = try turn.applied(to: PatchTests.numbered([2, 3]))
    #expect(turned.shape == [3, 2] && turned.values == [3, 0, 4, 1, 5, 2])
  }

  @Test func augmentationsAddUp() throws {
    let square = [8, 8]
    let count = { (a: Augmentation, sides: [Int]) in a.orientations(of: sides).count }
    #expect(count(.none, square) == 1)
    #expect(count(.flips, square) == 4)
    #expect(count(.rot90, square) == 4)
    #expect(count(.diagonal, square) == 2)
    #expect(count(.flips + .rot90, square) == 8)
    #expect(count(.flips + .diagonal, square) == 8)
    #expect(count(.dihedral, square) == 8)
    #expect(count(.dihedral, [8, 9]) == 4)
    #expect(count(.dihedral, [8]) == 2)
    #expect(count(.flips, [8, 8, 8]) == 8)
    #expect(count(.dihedral, [8, 8, 8]) == 48)
    #expect(count(.dihedral, [4, 8, 8]) == 16)
    #expect((Augmentation.rot90 + .flips).description == "flips + rot90")
    #expect(Augmentation.dihedral.orientations(of: square)[0] == .identity(rank: 2))
  }

  @Test func intensityKeepsToItsRange() throws {
    let augmentation = Augmentation(intensity: try Intensity(gain: 0.2, offset: 0.5))
    var stream = RandomStream(seed: 1, purpose: .augmentation)
    for _ in 0..<50 {
      let draw = augmentation.draw(among: [], stream: &stream)
      #expect((0.8...1.2).contains(draw.gain) && (-0.5...0.5).contains(draw.offset))
      let changed = try draw.applied(to: PatchTests.numbered([3]))
      #expect(abs(changed.values[2] - (2 * draw.gain + draw.offset)) < 1e-6)
    }
    #expect(throws: DenoiseError.self) { try Intensity(gain: 1) }
  }

  @Test func paddingReflectsAndComesOffAgain() throws {
    let row = PatchTests.numbered([1, 4])
    let padded = try Padding(before: [5], after: [4]).applied(to: row)
    #expect(padded.values == [1, 2, 3, 2, 1, 0, 1, 2, 3, 2, 1, 0, 1])
    let single = try Padding(before: [2], after: [1]).applied(to: PatchTests.numbered([1]))
    #expect(single.values == [0, 0, 0, 0])
    let image = PatchTests.numbered([2, 5, 7])
    let padding = Padding(of: [5, 7], toMultipleOf: 4, minimum: [12, 1])
    let large = try padding.applied(to: image)
    #expect(large.shape == [2, 12, 8])
    #expect(try padding.removed(from: large) == image)
    #expect(throws: DenoiseError.self) { try padding.removed(from: row) }
    #expect(throws: DenoiseError.self) {
      try Padding(before: [1], after: [1]).applied(to: Tensor(repeating: 0, shape: [0]))
    }
  }

  /// A blur that reaches three elements, in the place of a net.
  static func blur(_ tensor: Tensor) -> Tensor {
    let (height, width) = (tensor.shape[1], tensor.shape[2])
    return Tensor(shape: tensor.shape) { index in
      let (plane, y, x) = (index / (height * width), index / width % height, index % width)
      var sum: Float = 0
      for row in max(0, y - 3)...min(height - 1, y + 3) {
        for column in max(0, x - 3)...min(width - 1, x + 3) {
          sum += tensor.values[(plane * height + row) * width + column]
        }
      }
      return sum
    }
  }

  @Test(arguments: [
    ([16, 16], 3), ([12, 40], 4), ([20, 24], 3), ([100, 100], 8), ([8, 12], 3),
  ])
  func tilesGiveTheResultOfTheWhole(tile: [Int], overlap: Int) throws {
    let image = PatchTests.numbered([2, 44, 60])
    let whole = PatchTests.blur(image)
    let tiling = try Tiling(
      of: [44, 60], tile: tile, overlap: [overlap, overlap], multiple: tile == [8, 12] ? 1 : 4)
    var assembled = Tensor(repeating: -1, shape: image.shape)
    var kept = 0
    for part in tiling.tiles {
      let read = try tiling.read(part, of: image)
      #expect(read.shape == [2] + tiling.tiles[0].read.size)
      try tiling.write(PatchTests.blur(read), of: part, into: &assembled)
      kept += part.keep.count
      if tile != [8, 12] { #expect(part.read.origin.allSatisfy { $0 % 4 == 0 }) }
    }
    #expect(assembled == whole)
    #expect(kept == 44 * 60)
  }

  @Test func tilesThatCannotWorkAreRefused() throws {
    #expect(throws: DenoiseError.self) {
      try Tiling(of: [64], tile: [16], overlap: [8])
    }
    #expect(throws: DenoiseError.self) {
      try Tiling(of: [62], tile: [16], overlap: [2], multiple: 4)
    }
    let tiling = try Tiling(of: [64], tile: [16], overlap: [2])
    #expect(throws: DenoiseError.self) {
      try tiling.read(tiling.tiles[0], of: PatchTests.numbered([65]))
    }
    var whole = PatchTests.numbered([64])
    #expect(throws: DenoiseError.self) {
      try tiling.write(PatchTests.numbered([15]), of: tiling.tiles[0], into: &whole)
    }
  }

  @Test func edgesAreSeenAsOftenAsTheMiddle() throws {
    let sampler = try PatchSampler(shapes: [[100]], patch: [20])
    var stream = RandomStream(seed: 1, purpose: .patch)
    var seen = Array(repeating: 0, count: 100)
    for _ in 0..<20_000 {
      let place = sampler.draw(&stream)
      for index in place.origin[0]..<place.origin[0] + 20 { seen[index] += 1 }
    }
    let middle = Double(seen[40..<60].reduce(0, +)) / 20
    #expect(Double(seen[0]) > 0.9 * middle && Double(seen[99]) > 0.9 * middle)
  }

  @Test func imagesAreDrawnBySizeAndRegionsByWeight() throws {
    let sampler = try PatchSampler(shapes: [[30, 30], [30, 90]], patch: [8, 8])
    var stream = RandomStream(seed: 2, purpose: .patch)
    let second = (0..<4_000).count { _ in sampler.draw(&stream).image == 1 }
    #expect(abs(Double(second) / 4_000 - 0.75) < 0.03)
    #expect(sampler.tilingCount == 15 + 43)
    let even = try PatchSampler(shapes: [[30, 30], [30, 90]], patch: [8, 8], even: true)
    let drawn = (0..<4_000).count { _ in even.draw(&stream).image == 1 }
    #expect(abs(Double(drawn) / 4_000 - 0.5) < 0.03)

    var region = Tensor(repeating: 0, shape: [30, 30])
    region.modify { $0[12 * 30 + 5] = 1 }
    let inside = try PatchSampler(shapes: [[30, 30]], patch: [8, 8], regions: [region])
    for _ in 0..<200 {
      let origin = inside.draw(&stream).origin
      #expect(origin[0] <= 12 && origin[0] + 8 > 12 && origin[1] <= 5 && origin[1] + 8 > 5)
    }
  }

  @Test func patchesAreCutWhereTheyLie() throws {
    let sampler = try PatchSampler(shapes: [[3, 4]], patch: [2, 2])
    let image = PatchTests.numbered([2, 3, 4])
    let patch = try sampler.patch(at: .init(image: 0, origin: [1, 2]), of: image)
    #expect(patch.shape == [2, 2, 2] && patch.values == [6, 7, 10, 11, 18, 19, 22, 23])
    #expect(throws: DenoiseError.self) {
      try sampler.patch(at: .init(image: 0, origin: [2, 2]), of: image)
    }
    #expect(throws: DenoiseError.self) { try PatchSampler(shapes: [[3, 4]], patch: [4, 4]) }
    #expect(throws: DenoiseError.self) { try PatchSampler(shapes: [], patch: [4]) }
    #expect(throws: DenoiseError.self) {
      try PatchSampler(
        shapes: [[3]], patch: [2], regions: [Tensor(repeating: 0, shape: [3])])
    }
  }
}
