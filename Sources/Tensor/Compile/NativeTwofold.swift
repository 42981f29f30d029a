import CKernels

extension TwofoldTaps {
  /// Whether the kernels sample these shapes: channels in blocks, fine sizes even.
  fileprivate func demands(fine: [Int]) -> NativeDemands? {
    guard Storage.isBlocked(fine), fine.dropFirst(2).allSatisfy({ $0 % 2 == 0 }) else {
      return nil
    }
    return NativeDemands(haloedInputs: [0], haloedResult: true, halo: 1)
  }

  fileprivate var native: dn_taps {
    let w = weights.map(Float.init)
    return dn_taps(weight: (w[0], w[1], w[2], w[3]), clamped: clamped)
  }
}

extension Contract: NativeOp {
  func demands(_ inputs: [[Int]], result: [Int]) -> NativeDemands? {
    taps.demands(fine: inputs[0])
  }

  func prepare(_ inputs: [StoredTensor], result: StoredTensor) throws -> any NativeCall {
    var fine = try inputs[0].layout()
    var coarse = try result.layout()
    var native = taps.native
    return ClosureCall { _ = dn_contract(&fine, &coarse, &native, $0.x[0], $0.y) }
  }
}

extension Expand: NativeOp {
  func demands(_ inputs: [[Int]], result: [Int]) -> NativeDemands? { taps.demands(fine: result) }

  func prepare(_ inputs: [StoredTensor], result: StoredTensor) throws -> any NativeCall {
    var fine = try result.layout()
    var coarse = try inputs[0].layout()
    var native = taps.native
    return ClosureCall { _ = dn_expand(&fine, &coarse, &native, $0.x[0], $0.y) }
  }
}

extension NeighbourMax: NativeOp {
  func demands(_ inputs: [[Int]], result: [Int]) -> NativeDemands? {
    guard Storage.isBlocked(result) else { return nil }
    return NativeDemands(haloedInputs: [0], haloedResult: true, halo: 1)
  }

  func prepare(_ inputs: [StoredTensor], result: StoredTensor) throws -> any NativeCall {
    var layout = try result.layout()
    return ClosureCall { _ = dn_neighbour_max(&layout, $0.x[0], $0.y) }
  }
}

extension NeighbourMaxGradient: NativeOp {
  func demands(_ inputs: [[Int]], result: [Int]) -> NativeDemands? {
    guard Storage.isBlocked(result) else { return nil }
    return NativeDemands(haloedInputs: [0, 1], haloedResult: true, halo: 1)
  }

  func prepare(_ inputs: [StoredTensor], result: StoredTensor) throws -> any NativeCall {
    var layout = try result.layout()
    return ClosureCall { _ = dn_neighbour_max_gradient(&layout, $0.x[0], $0.x[1], $0.y) }
  }
}
