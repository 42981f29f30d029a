import TensorEngine

/// The sides of tiles: as little as possible is computed twice, and a tile fits in memory.
package struct TileChoice {
  /// Sides of what is cut, multiples of `multiple`.
  let space: [Int]
  /// What sides must be multiples of.
  let multiple: Int
  /// Elements at each side of a tile that are thrown away, where it does not reach the border.
  let overlap: Int
  /// Bytes for each section that a tile's result has along the first axis, however large the tile:
  /// what is collected of the results until whole rows can be written.
  let bytesOfSection: Int

  package init(space: [Int], multiple: Int, overlap: Int, bytesOfSection: Int = 0) {
    self.space = space
    self.multiple = multiple
    self.overlap = overlap
    self.bytesOfSection = bytesOfSection
  }

  /// - Parameters:
  ///   - limit: bytes that may be taken.
  ///   - bytes: what a tile of given sides takes, without the sections of results.
  /// - Throws: `DenoiseError` where no tile is small enough.
  package func best(within limit: Int, bytes tile: ([Int]) throws -> Int) throws -> [Int] {
    func bytes(_ sides: [Int]) throws -> Int { try tile(sides) + bytesOfSections(sides[0]) }
    if try bytes(space) <= limit { return space }
    // A tile takes about as much for each of its elements, whatever its sides; what it really takes
    // is asked for the best of those that should fit, and the guess is mended by the answer.
    let smallest = space.indices.map { candidates($0)[0] }
    var each = Double(try tile(smallest)) / Double(smallest.product)
    var best: (sides: [Int], computed: Double)?
    for _ in 0..<12 {
      guard let guess = cheapest(within: limit, each: each) else { break }
      if let best, guess.computed >= best.computed { break }
      let needed = try tile(guess.sides)
      let real = Double(needed) / Double(guess.sides.product)
      if needed + bytesOfSections(guess.sides[0]) <= limit {
        best = guess
        each = min(each * 0.98, real)
      } else {
        each = max(each * 1.03, real)
      }
    }
    if let best { return best.sides }
    let needed = try bytes(smallest)
    guard needed > limit else { return smallest }
    throw DenoiseError(
      "a tile of \(smallest.asShape) needs \(ByteCount(needed)); the limit is \(ByteCount(limit))",
      hint: "give more `memory`")
  }

  /// Bytes of the results collected of tiles of a side along the first axis.
  private func bytesOfSections(_ side: Int) -> Int {
    bytesOfSection * (side >= space[0] ? space[0] : max(multiple, side - overlap))
  }

  /// What an element of a cut row costs beside one of a whole row, in hundredths: kernels compute rows
  /// in pieces of 32 and 64 pixels, which those of tiles rarely fill. Measured on volumes of 576^3
  /// (`benchmarks/memory/tiles.sh`).
  private static let cutRow = 115

  /// Elements of a tile's side that are thrown away at both its ends.
  private var frame: Int { 2 * overlap.roundedUp(toMultipleOf: multiple) }

  /// Sides worth trying along an axis, the smallest first.
  private func candidates(_ axis: Int) -> [Int] {
    var sides: [Int] = []
    var side = max(frame + multiple, 16.roundedUp(toMultipleOf: multiple))
    while side < space[axis] {
      sides.append(side)
      side = max(side + multiple, side * 9 / 8 / multiple * multiple)
    }
    return sides + [space[axis]]
  }

  /// The sides that compute the fewest elements in all, where an element of a tile takes `each`
  /// bytes; nil where none is small enough.
  private func cheapest(within limit: Int, each: Double) -> (sides: [Int], computed: Double)? {
    let options = space.indices.map { axis in
      candidates(axis).map { side in
        let tiles =
          side >= space[axis]
          ? 1 : 1 + (space[axis] - side + side - frame - 1) / max(1, side - frame)
        // Hundredths of an element.
        let isCutRow = axis == space.count - 1 && side < space[axis]
        return (side: side, computed: tiles * side * (isCutRow ? TileChoice.cutRow : 100))
      }
    }
    var best: (sides: [Int], computed: Double)?
    func choose(_ axis: Int, _ sides: [Int], _ size: Int, _ computed: Double) {
      let bytes = Double(size) * each + Double(sides.first.map(bytesOfSections) ?? 0)
      if bytes > Double(limit) || computed >= best?.computed ?? .infinity { return }
      guard axis < options.count else {
        best = (sides, computed)
        return
      }
      // Long last axes first: among equals, rows are read in one go.
      for option in options[axis].reversed() {
        choose(
          axis + 1, sides + [option.side], size * option.side, computed * Double(option.computed))
      }
    }
    choose(0, [], 1, 1)
    return best
  }
}
