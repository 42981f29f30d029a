import CKernels

/// A call made of a closure, for kernels that need no plan of their own.
final class ClosureCall: NativeCall {
  typealias Body = (NativeRun) -> Void

  let scratch: Int
  let leavesHalo: Bool
  private let body: Body

  init(scratch: Int = 0, leavesHalo: Bool = true, _ body: @escaping Body) {
    self.scratch = scratch
    self.leavesHalo = leavesHalo
    self.body = body
  }

  func run(_ run: NativeRun) { body(run) }
}

/// From plain to haloed.
struct Import: Op {
  static let name = "import"
  func shape(_ inputs: [[Int]]) throws -> [Int] { inputs[0] }
  func run(_ call: Call<Float>) { call.y.base.update(from: call.x[0].base, count: call.y.count) }
  func run(_ call: Call<Double>) { call.y.base.update(from: call.x[0].base, count: call.y.count) }
  func gradient(_ rule: Rule) throws -> [Node?] { [rule.dy] }

  static func call(_ result: StoredTensor) throws -> any NativeCall {
    var layout = try result.layout()
    return ClosureCall(leavesHalo: false) { dn_import(&layout, $0.x[0], $0.y) }
  }
}

/// From haloed to plain.
struct Export: Op {
  static let name = "export"
  func shape(_ inputs: [[Int]]) throws -> [Int] { inputs[0] }
  func run(_ call: Call<Float>) { call.y.base.update(from: call.x[0].base, count: call.y.count) }
  func run(_ call: Call<Double>) { call.y.base.update(from: call.x[0].base, count: call.y.count) }
  func gradient(_ rule: Rule) throws -> [Node?] { [rule.dy] }

  static func call(_ input: StoredTensor) throws -> any NativeCall {
    var layout = try input.layout()
    return ClosureCall(leavesHalo: false) { dn_export(&layout, $0.x[0], $0.y) }
  }
}

extension Windows {
  /// Whether these are boxes of 2 without overlap, which the kernels pool.
  func halve(_ shape: [Int]) -> Bool {
    Storage.isBlocked(shape) && size.allSatisfy { $0 == 2 } && stride.allSatisfy { $0 == 2 }
  }
}

extension MaxPool: NativeOp {
  func demands(_ inputs: [[Int]], result: [Int]) -> NativeDemands? {
    guard windows.halve(inputs[0]) else { return nil }
    // A byte for each number of the result, blocks of channels filled up.
    let blocks = (result[1] + 15) / 16 * 16
    let winners = result[0] * blocks * result.dropFirst(2).product
    return NativeDemands(
      haloedInputs: [0], haloedResult: true, tail: keepsWinners ? Storage.lines(bytes: winners) : 0)
  }

  func prepare(_ inputs: [StoredTensor], result: StoredTensor) throws -> any NativeCall {
    var fine = try inputs[0].layout()
    var coarse = try result.layout()
    let bytes = dn_max_pool_winner_bytes(&coarse)
    let body = result.body
    let keeps = keepsWinners
    guard !keeps || bytes <= result.storage.tail * 4 else {
      throw TensorError("the winners of a pooling do not fit behind it")
    }
    return ClosureCall(scratch: keeps ? 0 : Storage.lines(bytes: bytes)) { run in
      let winners = UnsafeMutableRawPointer(keeps ? run.y + body : run.scratch)
      _ = dn_max_pool(
        &fine, &coarse, run.x[0], run.y, winners.assumingMemoryBound(to: UInt8.self))
    }
  }
}

extension FusedPoolGradient: NativeOp {
  func demands(_ inputs: [[Int]], result: [Int]) -> NativeDemands? {
    NativeDemands(haloedInputs: Set(0..<3 + finish.inputs), haloedResult: true)
  }

  func prepare(_ inputs: [StoredTensor], result: StoredTensor) throws -> any NativeCall {
    var fine = try result.layout()
    var coarse = try inputs[1].layout()
    let (body, count) = (inputs[2].body, result.body)
    return ClosureCall { [finish] run in
      finish.bring(run, count: count, after: 3)
      let winners = UnsafeRawPointer(run.x[2] + body).assumingMemoryBound(to: UInt8.self)
      _ = dn_max_pool_gradient(
        &fine, &coarse, run.x[1], winners, run.y, finish.accumulates,
        finish.gate(after: 3).map { UnsafeRawPointer(run.x[$0]) }, Float(finish.gateSlope ?? 1))
    }
  }
}

extension UpsampleNearest: NativeOp {
  func demands(_ inputs: [[Int]], result: [Int]) -> NativeDemands? {
    Storage.isBlocked(result) && factors.allSatisfy { $0 == 2 }
      ? NativeDemands(haloedInputs: [0], haloedResult: true) : nil
  }

  func prepare(_ inputs: [StoredTensor], result: StoredTensor) throws -> any NativeCall {
    var fine = try result.layout()
    var coarse = try inputs[0].layout()
    return ClosureCall { _ = dn_upsample(&fine, &coarse, $0.x[0], $0.y) }
  }
}

extension SumPool: NativeOp {
  func demands(_ inputs: [[Int]], result: [Int]) -> NativeDemands? {
    Storage.isBlocked(result) && factors.allSatisfy { $0 == 2 }
      && inputs[0].dropFirst(2).allSatisfy { $0 % 2 == 0 }
      ? NativeDemands(haloedInputs: [0], haloedResult: true) : nil
  }

  func prepare(_ inputs: [StoredTensor], result: StoredTensor) throws -> any NativeCall {
    var fine = try inputs[0].layout()
    var coarse = try result.layout()
    return ClosureCall { _ = dn_upsample_gradient(&fine, &coarse, $0.x[0], $0.y, false) }
  }
}

/// Ops that work on every number alike and turn zeros into zeros: on haloed tensors of one layout
/// they run over the whole memory, halo and all.
protocol FlatOp: NativeOp {}

extension FlatOp {
  func demands(_ inputs: [[Int]], result: [Int]) -> NativeDemands? {
    let tensors = inputs.indices.filter { !inputs[$0].isEmpty }
    guard (3...5).contains(result.count), tensors.allSatisfy({ inputs[$0] == result }),
      tensors.count == inputs.count
    else { return nil }
    return NativeDemands(haloedInputs: Set(tensors), haloedResult: true)
  }

  func prepare(_ inputs: [StoredTensor], result: StoredTensor) throws -> any NativeCall {
    flat(result)
  }

  /// The op's own arithmetic over the whole memory.
  fileprivate func flat(_ result: StoredTensor) -> any NativeCall {
    let count = result.body
    guard result.storage.isHalf(result.shape) else {
      return ClosureCall(leavesHalo: false) { run in
        self.run(
          Call<Float>(
            x: run.x.map { View(base: $0, shape: [count]) },
            y: MutableView(base: run.y, shape: [count]), scratch: nil, moment: run.moment))
      }
    }
    return ClosureCall(leavesHalo: false) { runInHalves($0, count: 2 * count) }
  }

  /// bfloat16 numbers, some at a time through float32.
  private func runInHalves(_ run: NativeRun, count: Int) {
    let part = 2048
    let x = run.x.map { UnsafeRawPointer($0).assumingMemoryBound(to: UInt16.self) }
    let y = UnsafeMutableRawPointer(run.y).assumingMemoryBound(to: UInt16.self)
    Parallel.forRanges(count, grain: part) { range in
      withUnsafeTemporaryAllocation(of: Float.self, capacity: part * (x.count + 1)) { wide in
        guard let base = wide.baseAddress else { return }
        for (index, input) in x.enumerated() {
          dn_from_bf16(Int64(range.count), input + range.lowerBound, base + index * part)
        }
        let result = base + x.count * part
        self.run(
          Call<Float>(
            x: x.indices.map { View(base: base + $0 * part, shape: [range.count]) },
            y: MutableView(base: result, shape: [range.count]), scratch: nil, moment: run.moment))
        dn_to_bf16(Int64(range.count), result, y + range.lowerBound)
      }
    }
  }
}

extension Dropout: NativeOp {
  func demands(_ inputs: [[Int]], result: [Int]) -> NativeDemands? {
    guard Storage.isBlocked(result) else { return nil }
    return NativeDemands(haloedInputs: [0], haloedResult: true)
  }

  func prepare(_ inputs: [StoredTensor], result: StoredTensor) throws -> any NativeCall {
    var layout = try result.layout()
    return ClosureCall { [self] run in
      let (seed, stream) = key(run.moment)
      dn_dropout(&layout, run.x[0], Float(probability), seed, stream, run.y)
    }
  }
}

extension Add: FlatOp {}
extension Subtract: FlatOp {}
extension Multiply: FlatOp {}

extension LeakyReLU: FlatOp {
  func prepare(_ inputs: [StoredTensor], result: StoredTensor) throws -> any NativeCall {
    guard Storage.isBlocked(result.shape) else { return flat(result) }
    var layout = try result.layout()
    return ClosureCall { [slope] in dn_activation(&layout, $0.x[0], Float(slope), $0.y) }
  }
}

extension LeakyReLUGradient: FlatOp {
  func prepare(_ inputs: [StoredTensor], result: StoredTensor) throws -> any NativeCall {
    guard Storage.isBlocked(result.shape) else { return flat(result) }
    var layout = try result.layout()
    return ClosureCall { [slope] in
      dn_activation_gradient(&layout, $0.x[1], Float(slope), $0.x[0], $0.y)
    }
  }
}
extension Negate: FlatOp {}
