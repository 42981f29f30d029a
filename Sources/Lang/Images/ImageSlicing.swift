import TensorEngine

extension Image {
  public func slice(_ cuts: [AxisCut]) throws -> Image {
    guard cuts.count == tensor.rank else {
      throw LangError("\(cuts.count) cuts for an image of \(tensor.rank) axes")
    }
    var result = tensor
    // Lists of indices first, one axis at a time; what is left is one strided copy.
    for (axis, cut) in cuts.enumerated() {
      if case .pick(let indices) = cut { result = try picking(indices, axis, of: result) }
    }
    var (starts, steps, target): ([Int], [Int], [Int]) = ([], [], [])
    for (axis, cut) in cuts.enumerated() {
      switch cut {
      case .at(let index): (starts, steps, target) = (starts + [index], steps + [1], target + [1])
      case .range(let start, let count, let step):
        (starts, steps, target) = (starts + [start], steps + [step], target + [count])
      case .pick(let indices):
        (starts, steps, target) = (starts + [0], steps + [1], target + [indices.count])
      }
      if target[axis] == 0 { starts[axis] = 0 }
    }
    result = try result.sliced(starts: starts, steps: steps, target: target)
    let gone = cuts.indices.filter { if case .at = cuts[$0] { true } else { false } }
    let kept = cuts.indices.filter { !gone.contains($0) }.map { target[$0] }
    return try moved(cuts).dropping(gone, around: result.reshaped(kept))
  }

  private func picking(_ indices: [Int], _ axis: Int, of tensor: Tensor) throws -> Tensor {
    guard !indices.isEmpty else {
      var shape = tensor.shape
      shape[axis] = 0
      return try Tensor([], shape: shape)
    }
    let parts = try indices.map { try tensor.sliced(axis: axis, $0..<$0 + 1) }
    return try Tensor.concatenate(parts, axis: axis)
  }

  /// Voxel size and origin after a cut: a step widens the voxel, a start moves the origin.
  private func moved(_ cuts: [AxisCut]) -> Image {
    guard var voxel, voxel.count == spatialDimensions.count else { return self }
    var origin = origin ?? voxel.map { _ in 0 }
    guard origin.count == voxel.count else { return self }
    for (place, dimension) in spatialDimensions.enumerated() {
      switch cuts[dimension] {
      case .at: continue
      case .range(let start, _, let step):
        origin[place] += Double(start) * voxel[place]
        voxel[place] *= Double(abs(step))
      case .pick(let indices): origin[place] += Double(indices.first ?? 0) * voxel[place]
      }
    }
    var copy = self
    copy.voxel = voxel
    // An origin that nobody gave and nothing moved stays unknown.
    if self.origin != nil || origin.contains(where: { $0 != 0 }) { copy.origin = origin }
    return copy
  }

  /// The description without some of its dimensions, around elements that lack them.
  func dropping(_ dimensions: [Int], around result: Tensor) throws -> Image {
    let letters = Array(axes)
    let kept = letters.indices.filter { !dimensions.contains($0) }
    let spaces = spatialDimensions.enumerated().filter { kept.contains($0.element) }.map(\.offset)
    func spatial(_ numbers: [Double]?) -> [Double]? {
      guard let numbers, numbers.count == spatialDimensions.count, !spaces.isEmpty else {
        return nil
      }
      return spaces.map { numbers[$0] }
    }
    let keepsChannels = dimension(of: "C").map { kept.contains($0) } ?? false
    return try Image(
      result, axes: String(kept.map { letters[$0] }), voxel: spatial(voxel), unit: unit,
      origin: spatial(origin), stored: stored, path: path, header: header,
      channels: keepsChannels && result.shape == shape ? channels : nil)
  }
}
