import CKernels

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

  /// Mean, inverse, scale and shift from the inputs x, moments [2, C], gamma and beta.
  func fill(_ run: NativeRun, epsilon: Double) -> dn_norm {
    let (moments, scratch) = (run.x[1], run.scratch)
    for i in 0..<channels {
      let inverse = 1 / (moments[channels + i] + Float(epsilon)).squareRoot()
      scratch[i] = moments[i]
      scratch[stride + i] = inverse
      scratch[2 * stride + i] = run.x[2][i] * inverse
      scratch[3 * stride + i] = run.x[3][i] - moments[i] * scratch[2 * stride + i]
    }
    return norm(scratch)
  }
}

extension ChannelMoments: NativeOp {
  /// Floats that the sums take behind a convolution's result.
  static func sumsCount(channels: Int) -> Int { Storage.lines(bytes: 2 * channels * 8) }

  func demands(_ inputs: [[Int]], result: [Int]) -> NativeDemands? {
    Storage.isBlocked(inputs[0]) ? NativeDemands(haloedInputs: [0], haloedResult: false) : nil
  }

  func prepare(_ inputs: [StoredTensor], result: StoredTensor) throws -> any NativeCall {
    guard fromSums else { return try twoPasses(inputs[0]) }
    let channels = inputs[0].shape[1]
    let size = Double(inputs[0].shape.product / channels)
    let body = inputs[0].body
    return ClosureCall(leavesHalo: false) { run in
      let sums = UnsafeRawPointer(run.x[0] + body).assumingMemoryBound(to: Double.self)
      for i in 0..<channels {
        let mean = sums[i] / size
        run.y[i] = Float(mean)
        run.y[channels + i] = Float(max(0, sums[channels + i] / size - mean * mean))
      }
    }
  }

  /// Sums of x, then of x (x - mean), which is that of (x - mean)^2.
  private func twoPasses(_ input: StoredTensor) throws -> any NativeCall {
    var layout = try input.layout()
    let channels = input.shape[1]
    let size = Float(input.shape.product / channels)
    let arrays = NormArrays(channels: channels)
    let sums = arrays.count
    let workspace = sums + 2 * arrays.stride
    let total = workspace + (dn_norm_workspace_bytes(&layout) + 63) / 64 * 16
    return ClosureCall(scratch: total, leavesHalo: false) { run in
      let (x, y, scratch) = (run.x, run.y, run.scratch)
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
    Storage.isBlocked(inputs[0]) ? NativeDemands(haloedInputs: [0], haloedResult: true) : nil
  }

  func prepare(_ inputs: [StoredTensor], result: StoredTensor) throws -> any NativeCall {
    var layout = try result.layout()
    let arrays = NormArrays(channels: result.shape[1])
    return ClosureCall(scratch: arrays.count) { [epsilon, slope] run in
      var norm = arrays.fill(run, epsilon: epsilon)
      dn_norm_apply(&layout, &norm, run.x[0], Float(slope), run.y)
    }
  }
}

extension BatchNormSums: NativeOp {
  func demands(_ inputs: [[Int]], result: [Int]) -> NativeDemands? {
    Storage.isBlocked(inputs[0]) ? NativeDemands(haloedInputs: [0, 4], haloedResult: false) : nil
  }

  func prepare(_ inputs: [StoredTensor], result: StoredTensor) throws -> any NativeCall {
    var layout = try inputs[0].layout()
    let arrays = NormArrays(channels: inputs[0].shape[1])
    let total = arrays.count + Storage.lines(bytes: dn_norm_workspace_bytes(&layout))
    return ClosureCall(scratch: total, leavesHalo: false) { [epsilon, slope] run in
      var norm = arrays.fill(run, epsilon: epsilon)
      dn_norm_gradient_sums(
        &layout, &norm, run.x[0], Float(slope), run.x[4], run.y, run.scratch + arrays.count)
    }
  }
}

extension BatchNormInputGradient: NativeOp {
  func demands(_ inputs: [[Int]], result: [Int]) -> NativeDemands? {
    ofBatch && Storage.isBlocked(inputs[0])
      ? NativeDemands(haloedInputs: [0, 4], haloedResult: true) : nil
  }

  func prepare(_ inputs: [StoredTensor], result: StoredTensor) throws -> any NativeCall {
    var layout = try result.layout()
    let arrays = NormArrays(channels: result.shape[1])
    return ClosureCall(scratch: arrays.count) { [epsilon, slope] run in
      var norm = arrays.fill(run, epsilon: epsilon)
      dn_norm_gradient(&layout, &norm, run.x[0], Float(slope), run.x[4], run.x[5], run.y)
    }
  }
}
