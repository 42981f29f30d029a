/// What `slice` shows, and how.
public struct SliceOptions: Sendable {
  public enum View: String, Sendable, CaseIterable {
    /// One plane.
    case plane
    /// The three planes through a voxel, side by side, with lines where they cross.
    case ortho
    /// Evenly spaced planes, or the samples of a stack, as labelled tiles.
    case montage
  }

  /// Indices by axis, in lower case (`z y x s t c`); negative from the end.
  public var index: [Character: Int] = [:]
  public var view = View.plane
  public var contrast = Contrast.automatic
  public var colormap = Colormap.gray
  /// Pixels a voxel.
  public var scale = 1
  /// A scale bar from the voxel size.
  public var bar = false
  /// A line of text in the upper left corner.
  public var label: String?
  /// 8, or 16 for exact grey values and nothing drawn upon them.
  public var bits = 8
  /// Columns of a montage; chosen where nil.
  public var columns: Int?
  /// The most tiles of a montage.
  public var tiles = 20

  public init() {}

  /// - Throws: `GraphicsError` naming the option that cannot be met.
  func checked() throws {
    guard (1...64).contains(scale) else {
      throw GraphicsError("`scale` is a whole number from 1 to 64, not \(scale)")
    }
    guard bits == 8 || bits == 16 else {
      throw GraphicsError("`bits` is 8 or 16, not \(bits)")
    }
    guard (1...400).contains(tiles), columns.map({ (1...400).contains($0) }) ?? true else {
      throw GraphicsError("a montage has from 1 to 400 tiles")
    }
    guard bits == 16 else { return }
    if view != .plane || bar || label != nil || colormap != .gray {
      throw GraphicsError(
        "16 bits hold the grey values of one plane and nothing else",
        hint: "leave out view, bar, label and cmap, or use bits=8")
    }
  }
}
