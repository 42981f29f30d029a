import TensorEngine

/// Where the planes of a slice lie on its sheet, in pixels.
struct Arrangement: Sendable {
  struct Tile: Sendable {
    /// Which of the planes.
    let plane: Int
    let column: Int
    let row: Int
    /// Text in the tile's corner.
    let label: String
    /// Where other planes cross this one, in pixels from the tile's corner, with their axis.
    var across: (at: Double, axis: Character)?
    var down: (at: Double, axis: Character)?
  }

  let width: Int
  let height: Int
  let tiles: [Tile]

  /// The same tiles under a strip of white, for a title.
  func lowered(by strip: Int) -> Arrangement {
    let lower = tiles.map { tile in
      Tile(
        plane: tile.plane, column: tile.column, row: tile.row + strip, label: tile.label,
        across: tile.across, down: tile.down)
    }
    return Arrangement(width: width, height: height + strip, tiles: lower)
  }

  static func plane(_ plane: Plane, scale: Int) -> Arrangement {
    Arrangement(
      width: plane.width * scale, height: plane.height * scale,
      tiles: [Tile(plane: 0, column: 0, row: 0, label: "")])
  }

  /// The planes `xy` (upper left), `zy` (right of it, sharing its rows) and `xz` (below it, sharing
  /// its columns) through one voxel.
  static func ortho(_ image: any ImageSource, _ options: SliceOptions) throws -> (
    [Plane], Arrangement
  ) {
    guard let z = image.dimension(of: "Z"), let y = image.dimension(of: "Y"),
      let x = image.dimension(of: "X")
    else {
      throw GraphicsError(
        "view=ortho needs a volume; the axes of the image are \(image.axes)",
        hint: "use view=plane")
    }
    let sizes: [(Character, Int)] = [
      ("z", image.shape[z]), ("y", image.shape[y]), ("x", image.shape[x]),
    ]
    var at = options.index
    for (axis, size) in sizes {
      let wanted = at[axis] ?? size / 2
      at[axis] = wanted < 0 ? wanted + size : wanted
    }
    func cut(_ axis: Character) throws -> Plane {
      try Plane(of: image, at: at.filter { !"zyx".contains($0.key) || $0.key == axis })
    }
    let xy = try cut("z")
    let xz = try cut("y")
    let zy = try cut("x").transposed()
    let scale = options.scale
    let gap = 4
    func place(_ axis: Character) -> (at: Double, axis: Character) {
      ((Double(at[axis] ?? 0) + 0.5) * Double(scale), axis)
    }
    let right = xy.width * scale + gap
    let below = xy.height * scale + gap
    let arrangement = Arrangement(
      width: right + zy.width * scale, height: below + xz.height * scale,
      tiles: [
        Tile(
          plane: 0, column: 0, row: 0, label: "xy  z=\(at["z"] ?? 0)", across: place("y"),
          down: place("x")),
        Tile(
          plane: 1, column: right, row: 0, label: "zy  x=\(at["x"] ?? 0)", across: place("y"),
          down: place("z")),
        Tile(
          plane: 2, column: 0, row: below, label: "xz  y=\(at["y"] ?? 0)", across: place("z"),
          down: place("x")),
      ])
    return ([xy, zy, xz], arrangement)
  }

  /// Evenly spaced planes along the first axis that can be stepped through: samples, times, then
  /// `z`.
  static func montage(_ image: any ImageSource, _ options: SliceOptions) throws -> (
    [Plane], Arrangement
  ) {
    let letters = Array(image.axes)
    let stepped = "STZ".first { letter in
      guard let dimension = letters.firstIndex(of: letter) else { return false }
      return image.shape[dimension] > 1
        && options.index[Character(letter.lowercased())] == nil
    }
    guard let stepped, let dimension = letters.firstIndex(of: stepped), letters.count > 2 else {
      throw GraphicsError(
        "view=montage needs a stack or a volume; the image is \(image.axes) "
          + "(\(image.shape.asShape))", hint: "use view=plane")
    }
    let axis = Character(stepped.lowercased())
    let count = min(options.tiles, image.shape[dimension])
    let picks = (0..<count).map { montageIndex($0, of: count, size: image.shape[dimension]) }
    let planes = try picks.map { pick in
      try Plane(of: image, at: options.index.merging([axis: pick]) { own, _ in own })
    }
    let width = planes[0].width * options.scale
    let height = planes[0].height * options.scale
    let columns = min(count, options.columns ?? montageColumns(count, width, height))
    let gap = 2
    let tiles = picks.enumerated().map { i, pick in
      Tile(
        plane: i, column: i % columns * (width + gap), row: i / columns * (height + gap),
        label: "\(axis)=\(pick)")
    }
    let rows = (count + columns - 1) / columns
    return (
      planes,
      Arrangement(
        width: columns * (width + gap) - gap, height: rows * (height + gap) - gap, tiles: tiles)
    )
  }

  /// The middles of `count` equal parts of an axis; every index where there are few.
  static func montageIndex(_ i: Int, of count: Int, size: Int) -> Int {
    (2 * i + 1) * size / (2 * count)
  }

  /// Columns that make a sheet closest to 4:3.
  private static func montageColumns(_ count: Int, _ width: Int, _ height: Int) -> Int {
    func distance(_ columns: Int) -> Double {
      let rows = (count + columns - 1) / columns
      let ratio = Double(columns * width) / Double(rows * height) / (4.0 / 3)
      let empty = Double(rows * columns - count) / Double(count)
      return max(ratio, 1 / ratio) + 2 * empty
    }
    return (1...count).min { distance($0) < distance($1) } ?? 1
  }
}
