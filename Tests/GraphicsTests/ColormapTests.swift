import Graphics
import Testing

@Suite struct ColormapTests {
  @Test(arguments: Colormap.names) func hasAllEntries(name: String) throws {
    #expect(try Colormap(named: name).entries.count == 256)
  }

  /// First and last entries as published.
  @Test(arguments: [
    ("viridis", RGB(68, 1, 84), RGB(253, 231, 37)), ("magma", RGB(0, 0, 4), RGB(252, 253, 191)),
    ("inferno", RGB(0, 0, 4), RGB(252, 255, 164)), ("plasma", RGB(13, 8, 135), RGB(240, 249, 33)),
    ("turbo", RGB(48, 18, 59), RGB(122, 4, 3)), ("gray", RGB(0, 0, 0), RGB(255, 255, 255)),
    ("difference", RGB(5, 48, 97), RGB(103, 0, 31)),
  ])
  func endsAsPublished(name: String, first: RGB, last: RGB) throws {
    let map = try Colormap(named: name)
    #expect(map.entries.first == first && map.entries.last == last)
  }

  /// What these maps are made for: brightness rises all the way.
  @Test(arguments: ["gray", "viridis", "magma", "inferno", "plasma", "cividis"])
  func brightnessRises(name: String) throws {
    let luma = try Colormap(named: name).entries.map(\.luma)
    #expect(zip(luma, luma.dropFirst(8)).allSatisfy { $0 < $1 })
  }

  @Test func anUnknownNameListsTheKnown() {
    let error = #expect(throws: GraphicsError.self) { try Colormap(named: "jet") }
    #expect(error?.hint?.contains("turbo") == true)
  }
}
