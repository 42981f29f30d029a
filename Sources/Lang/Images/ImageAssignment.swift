import TensorEngine

/// `img[…] = value`: writes a number or an image into part of an image.
enum ImageAssignment {
  static func assign(_ value: Value, to image: inout Image, _ indices: [Index]) throws {
    if indices.count == 1, indices[0].axis == nil, case .at(.image(let mask)) = indices[0].kind {
      return try assign(value, to: &image, where: mask)
    }
    let cuts = try ImageIndexing.cuts(indices, shape: image.shape, axes: image.axes)
    let lists = cuts.map(indexList)
    let targetShape = zip(cuts, lists).compactMap { cut, list -> Int? in
      if case .at = cut { return nil }
      return list.count
    }
    let source = try ImageOperands.image(value, like: image)
    let filled = try broadcast(source.tensor, to: targetShape)
    let strides = image.tensor.strides
    image.tensor.modify { values in
      var element = 0
      visit(lists, strides, 0, 0) { offset in
        values[offset] = filled[element]
        element += 1
      }
    }
  }

  /// Where the mask is not 0.
  private static func assign(_ value: Value, to image: inout Image, where mask: Image) throws {
    guard mask.shape == image.shape else {
      throw LangError(
        "a mask of shape \(mask.shape.asShape) does not fit an image of \(image.shape.asShape)")
    }
    let source = try ImageOperands.image(value, like: image)
    let filled = try broadcast(source.tensor, to: image.shape)
    let chosen = mask.tensor.values
    image.tensor.modify { values in
      for index in values.indices where chosen[index] != 0 { values[index] = filled[index] }
    }
  }

  /// The elements stretched to a shape.
  ///
  /// - Throws: `LangError` naming both shapes where they do not fit.
  private static func broadcast(_ tensor: Tensor, to shape: [Int]) throws -> [Float] {
    if tensor.shape == shape { return tensor.values }
    if tensor.count == 1 { return Array(repeating: tensor.values[0], count: shape.product) }
    let zero = Tensor(repeating: 0, shape: shape)
    guard let stretched = try? tensor + zero, stretched.shape == shape else {
      throw LangError(
        "an image of \(tensor.shape.asShape) does not fit into "
          + (shape.isEmpty ? "one element" : "a part of \(shape.asShape)"))
    }
    return stretched.values
  }

  private static func indexList(_ cut: AxisCut) -> [Int] {
    switch cut {
    case .at(let index): [index]
    case .range(let start, let count, let step): (0..<count).map { start + $0 * step }
    case .pick(let indices): indices
    }
  }

  private static func visit(
    _ lists: [[Int]], _ strides: [Int], _ axis: Int, _ offset: Int, _ body: (Int) -> Void
  ) {
    guard axis < lists.count else { return body(offset) }
    for index in lists[axis] {
      visit(lists, strides, axis + 1, offset + index * strides[axis], body)
    }
  }
}
