import TensorEngine

/// One plane of an image: rows and columns of grey or colour values.
///
/// Rows and columns are the last two axes that no index fixes: `ZYX` at `z=3` shows `YX`, at `y=3`
/// shows `ZX`, at `x=3` shows `ZY`.
public struct Plane: Sendable {
  public private(set) var width: Int
  public private(set) var height: Int
  /// 1 (grey) or 3 (red, green, blue); `values` holds one channel after the other.
  public private(set) var channels: Int
  public private(set) var values: [Float]
  /// The axes shown: rows, then columns.
  public private(set) var axes: String
  /// What the other axes were fixed at, such as `["z": 64]`, in lower case.
  public let fixed: [(axis: Character, index: Int)]
  /// Distance between columns and between rows; nil where the image does not say.
  public private(set) var spacing: (column: Double, row: Double)?
  /// Unit of `spacing`.
  public let unit: String?
  /// The type the image was stored as.
  public let stored: StoredType

  /// - Parameters:
  ///   - index: zero-based indices by axis, in lower case (`z y x s t c`); negative from the end.
  ///     Space that is not named is cut in its middle, other axes at their first index; three
  ///     channels are shown as colours unless `c` is given.
  /// - Throws: `GraphicsError` where an axis is not there, an index lies outside, or no two axes
  ///   are left to be shown.
  public init(of image: any ImageSource, at index: [Character: Int] = [:]) throws {
    let layout = try Layout(image, index)
    let shape = image.shape
    width = shape[layout.columns]
    height = shape[layout.rows]
    guard width > 0, height > 0, shape.product > 0 else {
      throw GraphicsError("an image of \(shape.asShape) has no pixels to show")
    }
    let letters = Array(image.axes)
    channels = layout.color == nil ? 1 : 3
    values = try Plane.gather(image, layout)
    axes = String([letters[layout.rows], letters[layout.columns]])
    fixed = layout.fixed.map { (Character(letters[$0.dimension].lowercased()), $0.index) }
    stored = image.stored
    unit = image.unit
    let spatial = image.spatialDimensions
    if let voxel = image.voxel, voxel.count == spatial.count,
      let row = spatial.firstIndex(of: layout.rows),
      let column = spatial.firstIndex(of: layout.columns), voxel[row] > 0, voxel[column] > 0
    {
      spacing = (voxel[column], voxel[row])
    } else {
      spacing = nil
    }
  }

  /// What the plane is, in words: `z=64`, or nothing for a plain picture.
  public var description: String {
    fixed.map { "\($0.axis)=\($0.index)" }.joined(separator: " ")
  }

  private static func gather(_ image: any ImageSource, _ layout: Layout) throws -> [Float] {
    var block = image.shape.map { 0..<$0 }
    for (dimension, index) in layout.fixed { block[dimension] = index..<index + 1 }
    guard let color = layout.color else { return try image.values(in: block) }
    return try (0..<3).flatMap { channel in
      block[color] = channel..<channel + 1
      return try image.values(in: block)
    }
  }
}

extension Plane {
  /// Rows and columns exchanged.
  func transposed() -> Plane {
    var turned: [Float] = []
    turned.reserveCapacity(values.count)
    for channel in 0..<channels {
      for column in 0..<width {
        for row in 0..<height {
          turned.append(values[channel * width * height + row * width + column])
        }
      }
    }
    var copy = self
    copy.values = turned
    (copy.width, copy.height) = (height, width)
    copy.axes = String(axes.reversed())
    copy.spacing = spacing.map { ($0.row, $0.column) }
    return copy
  }

  /// Other values in the same place; `channels` planes of them.
  func with(_ values: [Float], channels: Int) -> Plane {
    assert(values.count == width * height * channels)
    var copy = self
    copy.values = values
    copy.channels = channels
    return copy
  }
}

/// Which dimensions of an image are rows, columns and colours, and where the others are cut.
private struct Layout {
  var rows = 0
  var columns = 0
  var color: Int?
  var fixed: [(dimension: Int, index: Int)] = []

  init(_ image: any ImageSource, _ index: [Character: Int]) throws {
    let letters = Array(image.axes)
    var cut: [Int: Int] = [:]
    for (letter, wanted) in index.sorted(by: { $0.key < $1.key }) {
      let axis = Character(letter.uppercased())
      guard let dimension = letters.firstIndex(of: axis) else {
        throw GraphicsError(
          "the image has no axis \(letter)",
          hint: "its axes are \(image.axes) (\(image.shape.asShape))")
      }
      cut[dimension] = try Layout.resolved(wanted, letter, size: image.shape[dimension])
    }
    var free = letters.indices.filter { cut[$0] == nil }
    if let c = free.first(where: { letters[$0] == "C" }), free.count > 2, image.shape[c] == 3 {
      color = c
      free.removeAll { $0 == c }
    }
    // Samples, times and channels are cut first, so that space is what is shown.
    for dimension in free where free.count > 2 && !"ZYXQ".contains(letters[dimension]) {
      cut[dimension] = 0
      free.removeAll { $0 == dimension }
    }
    while free.count > 2 {
      let dimension = free.removeFirst()
      cut[dimension] = image.shape[dimension] / 2
    }
    guard free.count == 2 else {
      throw GraphicsError(
        "a slice needs two axes to show; of \(image.axes) (\(image.shape.asShape)) "
          + (free.count == 1 ? "one is left" : "none is left"),
        hint: image.axes.count == 1 ? "use plot for a signal" : "fix fewer axes")
    }
    rows = free[0]
    columns = free[1]
    fixed = cut.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private static func resolved(_ wanted: Int, _ letter: Character, size: Int) throws -> Int {
    let index = wanted < 0 ? wanted + size : wanted
    guard (0..<size).contains(index) else {
      throw GraphicsError(
        "\(letter)=\(wanted) lies outside the image, whose size along \(letter) is \(size)",
        hint: size > 0 ? "from 0 to \(size - 1), or -1 to -\(size) from the end" : nil)
    }
    return index
  }
}
