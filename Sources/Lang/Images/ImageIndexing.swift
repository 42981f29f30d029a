import TensorEngine

/// Indices on images and on traced images: one cut for each axis.
enum ImageIndexing {
  static func value<M: ImageMath>(of image: M, _ indices: [Index]) throws -> M {
    try image.slice(cuts(indices, shape: image.shape, axes: image.axes))
  }

  /// - Throws: `LangError` for an unknown axis, too many indices, or one that is outside.
  static func cuts(_ indices: [Index], shape: [Int], axes: String) throws -> [AxisCut] {
    var cuts = shape.map { AxisCut.range(start: 0, count: $0, step: 1) }
    var used: Set<Int> = []
    var next = 0
    for index in indices {
      let dimension: Int
      if let axis = index.axis {
        dimension = try self.dimension(axis, axes: axes)
      } else {
        dimension = next
        next += 1
      }
      guard dimension < shape.count else {
        throw LangError(
          "\(indices.count) indices for an image of \(shape.count) axes",
          hint: "its axes are \"\(axes)\", its shape is \(shape.asShape)")
      }
      guard used.insert(dimension).inserted else {
        throw LangError("two indices for the axis \(Array(axes)[dimension])")
      }
      cuts[dimension] = try cut(index, size: shape[dimension], name: Array(axes)[dimension])
    }
    return cuts
  }

  /// The dimension of an axis letter, upper or lower case.
  static func dimension(_ axis: String, axes: String) throws -> Int {
    let wanted = axis.uppercased()
    guard wanted.count == 1, let dimension = axes.map(String.init).firstIndex(of: wanted) else {
      throw LangError("there is no axis `\(axis)` here", hint: "the axes are \"\(axes)\"")
    }
    return dimension
  }

  private static func cut(_ index: Index, size: Int, name: Character) throws -> AxisCut {
    let what = "the axis \(name)"
    switch index.kind {
    case .slice(let start, let end, let step):
      let (first, count, stride) = try Index.slice(start, end, step, count: size)
      return .range(start: first, count: count, step: stride)
    case .at(.list(let items)):
      return .pick(try items.map { try Index.position($0, count: size, of: what) })
    case .at(.range(let range)):
      return .pick(
        try range.numbers.map { try Index.position(.number($0), count: size, of: what) })
    case .at(let value): return .at(try Index.position(value, count: size, of: what))
    }
  }
}
