import Denoise
import Testing

/// Tiles that fit in memory and compute little twice.
@Suite struct TileChoiceTests {
  private static let space = [160, 640, 640]
  private static let multiple = 8
  private static let overlap = 16
  private static let limit = 400_000_000

  private static func tile(_ sides: [Int]) -> Int { 80 * sides.reduce(1, *) }

  /// Sections of results that are held while tiles of these sides go by.
  private static func sections(_ side: Int) -> Int {
    side >= space[0] ? space[0] : side - overlap
  }

  /// Elements that are computed in all, those of cut rows counted as more.
  private static func computed(_ sides: [Int]) -> Int {
    zip(space, sides).reduce(sides[2] < space[2] ? 115 : 100) { product, pair in
      let (count, side) = pair
      let step = side - 2 * overlap
      return product * (side >= count ? count : side * ((count - 2 * overlap + step - 1) / step))
    }
  }

  /// Among all tiles that fit, results counted in, none computes much less.
  @Test(arguments: [0, 800_000, 2_000_000])
  func isAlmostTheCheapestThatFits(bytesOfSection: Int) throws {
    func bytes(_ sides: [Int]) -> Int {
      Self.tile(sides) + bytesOfSection * Self.sections(sides[0])
    }
    let chosen = try TileChoice(
      space: Self.space, multiple: Self.multiple, overlap: Self.overlap,
      bytesOfSection: bytesOfSection
    ).best(within: Self.limit, bytes: Self.tile)
    #expect(bytes(chosen) <= Self.limit)
    var least = Int.max
    for z in stride(from: 40, through: Self.space[0], by: 8) {
      for y in stride(from: 40, through: Self.space[1], by: 8) {
        for x in stride(from: 40, through: Self.space[2], by: 8)
        where bytes([z, y, x]) <= Self.limit {
          least = min(least, Self.computed([z, y, x]))
        }
      }
    }
    #expect(Self.computed(chosen) <= least * 5 / 4, "\(chosen)")
  }

  @Test func nothingFitsNowhere() {
    #expect(throws: DenoiseError.self) {
      try TileChoice(
        space: Self.space, multiple: Self.multiple, overlap: Self.overlap,
        bytesOfSection: Self.limit
      ).best(within: Self.limit, bytes: Self.tile)
    }
  }
}
