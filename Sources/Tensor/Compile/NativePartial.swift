import CKernels

extension PartialFinish: NativeOp {
  func demands(_ inputs: [[Int]], result: [Int]) -> NativeDemands? {
    Storage.isBlocked(result)
      ? NativeDemands(haloedInputs: [0], haloedResult: true) : nil
  }

  func prepare(_ inputs: [StoredTensor], result: StoredTensor) throws -> any NativeCall {
    var layout = try result.layout()
    return ClosureCall { [slope] run in
      dn_partial(&layout, run.x[0], run.x[1], run.x[2], Float(slope), run.y)
    }
  }
}

extension PartialFinishGradient: NativeOp {
  func demands(_ inputs: [[Int]], result: [Int]) -> NativeDemands? {
    guard Storage.isBlocked(result) else { return nil }
    return NativeDemands(
      haloedInputs: [0, 1], haloedResult: true, tail: Storage.lines(bytes: result[1] * 4))
  }

  func prepare(_ inputs: [StoredTensor], result: StoredTensor) throws -> any NativeCall {
    var layout = try result.layout()
    let body = result.body
    let scratch = Storage.lines(bytes: dn_partial_workspace_bytes(&layout))
    return ClosureCall(scratch: scratch) { [slope] run in
      dn_partial_gradient(
        &layout, run.x[1], run.x[2], Float(slope), run.x[0], run.y, run.y + body, run.scratch)
    }
  }
}

extension PartialBiasGradient: NativeOp {
  func demands(_ inputs: [[Int]], result: [Int]) -> NativeDemands? {
    Storage.isBlocked(inputs[0])
      ? NativeDemands(haloedInputs: [0, 1, 3], haloedResult: false) : nil
  }

  func prepare(_ inputs: [StoredTensor], result: StoredTensor) throws -> any NativeCall {
    let (body, channels) = (inputs[3].body, result.shape[0])
    return ClosureCall(leavesHalo: false) { run in
      run.y.update(from: run.x[3] + body, count: channels)
    }
  }
}
