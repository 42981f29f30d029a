import TensorEngine

/// What `pad` puts around an image.
public enum PaddingMode: String, Sendable, CaseIterable {
  /// Mirrored at the edge elements, which are not repeated.
  case reflect
  /// Mirrored at the edges, whose elements are repeated.
  case symmetric
  /// The image over and over.
  case wrap
  /// One number.
  case constant

  fileprivate var border: Border {
    switch self {
    case .reflect: .reflect
    case .symmetric: .symmetric
    case .wrap: .wrap
    case .constant: .zero
    }
  }
}

extension Image {
  /// The image with a frame around its space; the origin moves out with the corner.
  ///
  /// - Parameters:
  ///   - before: Elements added in front, one number for each spatial axis.
  ///   - after: Elements added behind.
  ///   - value: What `constant` fills in.
  /// - Throws: `DenoiseError` for negative widths or an image that becomes too large.
  public func padded(
    before: [Int], after: [Int], mode: PaddingMode, value: Float = 0
  ) throws -> Image {
    let spatial = spatialDimensions
    guard before.count == spatial.count, after.count == spatial.count,
      (before + after).allSatisfy({ (0...1 << 30).contains($0) })
    else {
      throw DenoiseError(
        "an image of axes \"\(axes)\" cannot be padded by \(before) and \(after)",
        hint: "give one width from 0 for each space axis")
    }
    var front = shape.map { _ in 0 }
    var target = shape
    for (place, axis) in spatial.enumerated() {
      front[axis] = before[place]
      target[axis] += before[place] + after[place]
    }
    guard tensor.count > 0, target.isHoldable else {
      throw DenoiseError("\(shape.asShape) cannot be padded to \(target.asShape)")
    }
    var values = tensor.values
    var current = shape
    for axis in spatial where target[axis] != current[axis] {
      let sources = (0..<target[axis]).map {
        mode.border.index($0 - front[axis], count: current[axis])
      }
      values = try Image.gathered(
        values, current, axis: axis, from: sources, missing: value)
      current[axis] = target[axis]
    }
    var result = try described(by: Tensor(values, shape: target))
    result.origin = movedOrigin(by: front.map { -Double($0) })
    return result
  }

  /// Slices along one axis, by number; nil stands for a slice of one number.
  private static func gathered(
    _ values: [Float], _ shape: [Int], axis: Int, from sources: [Int?], missing: Float
  ) throws -> [Float] {
    let inner = shape[(axis + 1)...].product
    let count = shape[axis]
    var result: [Float] = []
    result.reserveCapacity(values.count / max(1, count) * sources.count)
    for outer in 0..<shape[..<axis].product {
      try Interrupt.check()
      for source in sources {
        guard let source else {
          result.append(contentsOf: repeatElement(missing, count: inner))
          continue
        }
        let start = (outer * count + source) * inner
        result.append(contentsOf: values[start..<start + inner])
      }
    }
    return result
  }

  /// How much to add before and after so that space gets the sides asked for, the image in the
  /// middle.
  ///
  /// - Parameter sides: One for all spatial axes, or one each.
  /// - Throws: `DenoiseError` where a side is smaller than the image's.
  public func paddingWidths(toSides sides: [Int]) throws -> (before: [Int], after: [Int]) {
    let sides = try perSpatialAxis(sides, "size")
    let missing = try zip(spatialDimensions, sides).map { axis, side in
      guard side >= shape[axis] else {
        throw DenoiseError(
          "an image of \(shape.asShape) cannot be padded to a side of \(side)",
          hint: "`crop` makes an image smaller")
      }
      return side - shape[axis]
    }
    return (missing.map { $0 / 2 }, missing.map { $0 - $0 / 2 })
  }

  /// The same width on every side of space, or one for each spatial axis.
  public func paddingWidths(_ widths: [Int]) throws -> [Int] {
    try perSpatialAxis(widths, "width")
  }
}
