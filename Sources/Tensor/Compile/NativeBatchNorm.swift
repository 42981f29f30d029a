import CKernels

/// Whether the kernels normalise data of this shape.
private func isBlocked(_ shape: [Int]) -> Bool {
  (3...5).contains(shape.count) && shape[1] > Storage.planarChannels
}

/// Four arrays of a channel each in scratch, as the kernels want them.
private struct NormArrays {
  let channels: Int

  /// Floats of one array, rounded up to a line.
  var stride: Int { (channels + 15) / 16 * 16 }
  var count: Int { 4 * stride }

  func norm(_ scratch: UnsafeMutablePointer<Float>) -> dn_norm {
    dn_norm(
      mean: scratch, inverse: scratch + stride, scale: scratch + 2 * stride,
      shift: scratch + 3 * stride)
  }

  /// Mean and inverse from [2, C] moments; scale and shift for gamma and beta.
  func fill(
    _ scratch: UnsafeMutablePointer<Float>, moments: UnsafePointer<Float>, epsilon: Double,
    gamma: UnsafePointer<Float>?, beta: UnsafePointer<Float>?
  ) -> dn_norm {
    for i in 0..<channels {
      let inverse = 1 / (moments[channels + i] + Float(epsilon)).squareRoot()
      scratch[i] = moments[i]
      scratch[stride + i] = inverse
      scratch[2 * stride + i] = (gamma?[i] ?? 1) * inverse
      scratch[3 * stride + i] = (beta?[i] ?? 0) - moments[i] * scratch[2 * stride + i]
    }
    return norm(scratch)
  }
}

extension ChannelMoments: NativeOp {
  func demands(_ inputs: [[Int]], result: [Int]) -> NativeDemands? {
    isBlocked(inputs[0]) ? NativeDemands(haloedInputs: [0], haloedResult: false) : nil
  }

  /// Sums of x, then of x (x - mean), which is that of (x - mean)^2.
  func prepare(_ inputs: [StoredTensor], result: StoredTensor) throws -> any NativeCall {
    var layout = try inputs[0].layout()
    let channels = inputs[0].shape[1]
    let size = Float(inputs[0].shape.product / channels)
    let arrays = NormArrays(channels: channels)
    let sums = arrays.count
    let workspace = sums + 2 * arrays.stride
    let total = workspace + (dn_norm_workspace_bytes(&layout) + 63) / 64 * 16
    return ClosureCall(scratch: total, leavesHalo: false) { x, y, scratch in
      var norm = arrays.norm(scratch)
      for i in 0..<channels {
        (scratch[i], scratch[arrays.stride + i]) = (0, 1)
        (scratch[2 * arrays.stride + i], scratch[3 * arrays.stride + i]) = (1, 0)
      }
      for row in 0..<2 {
        dn_norm_gradient_sums(
          &layout, &norm, x[0], 1, x[0], scratch + sums, scratch + workspace)
        for i in 0..<channels {
          y[row * channels + i] = scratch[sums + row * channels + i] / size
          if row == 0 { scratch[i] = y[i] }
        }
      }
    }
  }
}

extension BatchNorm: NativeOp {
  func demands(_ inputs: [[Int]], result: [Int]) -> NativeDemands? {
    isBlocked(inputs[0]) ? NativeDemands(haloedInputs: [0], haloedResult: true) : nil
  }

  func prepare(_ inputs: [StoredTensor], result: StoredTensor) throws -> any NativeCall {
    var layout = try result.layout()
    let arrays = NormArrays(channels: result.shape[1])
    return ClosureCall(scratch: arrays.count) { [epsilon, slope] x, y, scratch in
      var norm = arrays.fill(scratch, moments: x[1], epsilon: epsilon, gamma: x[2], beta: x[3])
      dn_norm_apply(&layout, &norm, x[0], Float(slope), y)
    }
  }
}

extension BatchNormSums: NativeOp {
  func demands(_ inputs: [[Int]], result: [Int]) -> NativeDemands? {
    isBlocked(inputs[0]) ? NativeDemands(haloedInputs: [0, 2], haloedResult: false) : nil
  }

  func prepare(_ inputs: [StoredTensor], result: StoredTensor) throws -> any NativeCall {
    var layout = try inputs[0].layout()
    let channels = inputs[0].shape[1]
    let arrays = NormArrays(channels: channels)
    let total = arrays.count + (dn_norm_workspace_bytes(&layout) + 63) / 64 * 16
    return ClosureCall(scratch: total, leavesHalo: false) { [epsilon] x, y, scratch in
      var norm = arrays.fill(scratch, moments: x[1], epsilon: epsilon, gamma: nil, beta: nil)
      dn_norm_gradient_sums(&layout, &norm, x[0], 1, x[2], y, scratch + arrays.count)
    }
  }
}

extension BatchNormInputGradient: NativeOp {
  func demands(_ inputs: [[Int]], result: [Int]) -> NativeDemands? {
    ofBatch && isBlocked(inputs[0])
      ? NativeDemands(haloedInputs: [0, 3], haloedResult: true) : nil
  }

  func prepare(_ inputs: [StoredTensor], result: StoredTensor) throws -> any NativeCall {
    var layout = try result.layout()
    let arrays = NormArrays(channels: result.shape[1])
    return ClosureCall(scratch: arrays.count) { [epsilon] x, y, scratch in
      var norm = arrays.fill(scratch, moments: x[1], epsilon: epsilon, gamma: x[2], beta: nil)
      dn_norm_gradient(&layout, &norm, x[0], 1, x[3], x[4], y)
    }
  }
}
