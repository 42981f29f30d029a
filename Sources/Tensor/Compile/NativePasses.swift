import CKernels

/// A call made of a closure, for kernels that need no plan of their own.
final class ClosureCall: NativeCall {
  typealias Body = (
    _ x: [UnsafePointer<Float>], _ y: UnsafeMutablePointer<Float>,
    _ scratch: UnsafeMutablePointer<Float>
  ) -> Void

  let scratch: Int
  let leavesHalo: Bool
  private let body: Body

  init(scratch: Int = 0, leavesHalo: Bool = true, _ body: @escaping Body) {
    self.scratch = scratch
    self.leavesHalo = leavesHalo
    self.body = body
  }

  func run(
    _ x: [UnsafePointer<Float>], _ y: UnsafeMutablePointer<Float>,
    _ scratch: UnsafeMutablePointer<Float>
  ) { body(x, y, scratch) }
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
    return ClosureCall(leavesHalo: false) { x, y, _ in dn_import(&layout, x[0], y) }
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
    return ClosureCall(leavesHalo: false) { x, y, _ in dn_export(&layout, x[0], y) }
  }
}

extension Windows {
  /// Whether these are boxes of 2 without overlap, which the kernels pool.
  func halve(_ shape: [Int]) -> Bool {
    (3...5).contains(shape.count) && shape[1] > Storage.planarChannels
      && size.allSatisfy { $0 == 2 } && stride.allSatisfy { $0 == 2 }
  }
}

extension MaxPool: NativeOp {
  func demands(_ inputs: [[Int]], result: [Int]) -> NativeDemands? {
    windows.halve(inputs[0]) ? NativeDemands(haloedInputs: [0], haloedResult: true) : nil
  }

  func prepare(_ inputs: [StoredTensor], result: StoredTensor) throws -> any NativeCall {
    var fine = try inputs[0].layout()
    var coarse = try result.layout()
    let winners = dn_max_pool_winner_bytes(&coarse)
    return ClosureCall(scratch: (winners + 3) / 4) { x, y, scratch in
      scratch.withMemoryRebound(to: UInt8.self, capacity: winners) { winner in
        _ = dn_max_pool(&fine, &coarse, x[0], y, winner)
      }
    }
  }
}

extension MaxPoolGradient: NativeOp {
  func demands(_ inputs: [[Int]], result: [Int]) -> NativeDemands? {
    windows.halve(inputs[0]) ? NativeDemands(haloedInputs: [0, 1], haloedResult: true) : nil
  }

  /// The winners are found again: cheaper than keeping them from the forward pass.
  func prepare(_ inputs: [StoredTensor], result: StoredTensor) throws -> any NativeCall {
    var fine = try inputs[0].layout()
    var coarse = try inputs[1].layout()
    let winners = dn_max_pool_winner_bytes(&coarse)
    let pooled = inputs[1].storage.count(of: inputs[1].shape)
    return ClosureCall(scratch: pooled + 16 + (winners + 3) / 4) { x, y, scratch in
      let after = scratch + (pooled + 15) / 16 * 16
      after.withMemoryRebound(to: UInt8.self, capacity: winners) { winner in
        _ = dn_max_pool(&fine, &coarse, x[0], scratch, winner)
        _ = dn_max_pool_gradient(&fine, &coarse, x[1], winner, y, false, nil, 0)
      }
    }
  }
}

extension UpsampleNearest: NativeOp {
  func demands(_ inputs: [[Int]], result: [Int]) -> NativeDemands? {
    (3...5).contains(result.count) && result[1] > Storage.planarChannels
      && factors.allSatisfy { $0 == 2 }
      ? NativeDemands(haloedInputs: [0], haloedResult: true) : nil
  }

  func prepare(_ inputs: [StoredTensor], result: StoredTensor) throws -> any NativeCall {
    var fine = try result.layout()
    var coarse = try inputs[0].layout()
    return ClosureCall { x, y, _ in _ = dn_upsample(&fine, &coarse, x[0], y) }
  }
}

extension SumPool: NativeOp {
  func demands(_ inputs: [[Int]], result: [Int]) -> NativeDemands? {
    (3...5).contains(result.count) && result[1] > Storage.planarChannels
      && factors.allSatisfy { $0 == 2 } && inputs[0].dropFirst(2).allSatisfy { $0 % 2 == 0 }
      ? NativeDemands(haloedInputs: [0], haloedResult: true) : nil
  }

  func prepare(_ inputs: [StoredTensor], result: StoredTensor) throws -> any NativeCall {
    var fine = try inputs[0].layout()
    var coarse = try result.layout()
    return ClosureCall { x, y, _ in _ = dn_upsample_gradient(&fine, &coarse, x[0], y, false) }
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
    let count = result.storage.count(of: result.shape)
    return ClosureCall(leavesHalo: false) { x, y, scratch in
      run(
        Call<Float>(
          x: x.map { View(base: $0, shape: [count]) }, y: MutableView(base: y, shape: [count]),
          scratch: scratch, moment: Moment()))
    }
  }
}

extension Add: FlatOp {}
extension Subtract: FlatOp {}
extension Multiply: FlatOp {}
extension LeakyReLU: FlatOp {}
extension LeakyReLUGradient: FlatOp {}
extension Negate: FlatOp {}
