extension Op {
  /// The result on tensors at hand.
  ///
  /// - Throws: `TensorError` where the shapes do not fit.
  public func callAsFunction(_ inputs: [Tensor], moment: Moment = Moment()) throws -> Tensor {
    let shape = try shape(inputs.map(\.shape))
    guard shape.isHoldable else {
      throw TensorError("the result of `\(name)` is too large: \(shape.asShape)")
    }
    try SystemMemory.check(
      shape.product * MemoryLayout<Float>.stride, for: "the result of `\(name)`")
    let values = Evaluation.run(
      self, inputs.map(\.values), shapes: inputs.map(\.shape), result: shape, moment: moment)
    return Tensor(trusted: values, shape: shape)
  }
}

extension Graph {
  /// The outputs computed node by node in the asked precision, without any plan: the oracle for
  /// plans and gradients.
  ///
  /// - Parameters:
  ///   - inputs: the numbers of the nodes given, by node.
  ///   - parameters: the numbers of each parameter, by index.
  public func evaluate<T: KernelScalar>(
    _ outputs: [Node], inputs: [(Node, [T])], parameters: [[T]] = [], moment: Moment = Moment()
  ) throws -> [[T]] {
    var known: [Int: [T]] = [:]
    for (node, values) in inputs {
      guard values.count == node.count else {
        throw TensorError("\(values.count) numbers for an input of \(node.shape.asShape)")
      }
      known[node.id] = values
    }
    for id in order(for: outputs.map(\.id)) where known[id] == nil {
      switch entries[id].source {
      case .input(let name): throw TensorError("the input `\(name)` has no value")
      case .parameter(let index):
        guard parameters.indices.contains(index) else {
          throw TensorError("parameter \(index) has no value")
        }
        known[id] = parameters[index]
      case .constant(let tensor): known[id] = tensor.values.map { T($0) }
      case .op(let op, let sources):
        known[id] = Evaluation.run(
          op, sources.map { known[$0] ?? [] }, shapes: sources.map { entries[$0].shape },
          result: entries[id].shape, moment: moment)
      }
    }
    return outputs.map { known[$0.id] ?? [] }
  }
}

/// A precision that every op has a kernel for.
public protocol KernelScalar: Scalar {
  static func run(_ op: any Op, _ call: Call<Self>)
}

extension Float: KernelScalar {
  public static func run(_ op: any Op, _ call: Call<Float>) { op.run(call) }
}

extension Double: KernelScalar {
  public static func run(_ op: any Op, _ call: Call<Double>) { op.run(call) }
}

enum Evaluation {
  /// One kernel call over arrays.
  static func run<T: KernelScalar>(
    _ op: some Op, _ inputs: [[T]], shapes: [[Int]], result: [Int], moment: Moment
  ) -> [T] {
    let scratchCount = op.scratch(shapes, threads: Parallel.threads)
    let scratch = scratchCount > 0 ? UnsafeMutablePointer<T>.allocate(capacity: scratchCount) : nil
    defer { scratch?.deallocate() }
    return [T](unsafeUninitializedCapacity: result.product) { buffer, filled in
      filled = result.product
      guard let y = buffer.baseAddress else { return }
      withPointers(inputs, shapes) { views in
        T.run(
          op,
          Call(
            x: views, y: MutableView(base: y, shape: result), scratch: scratch,
            moment: moment))
      }
    }
  }

  private static func withPointers<T>(
    _ arrays: [[T]], _ shapes: [[Int]], _ views: [View<T>] = [], _ body: ([View<T>]) -> Void
  ) {
    guard views.count < arrays.count else { return body(views) }
    let index = views.count
    arrays[index].withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else {
        let nothing = UnsafeMutablePointer<T>.allocate(capacity: 1)
        defer { nothing.deallocate() }
        return withPointers(
          arrays, shapes, views + [View(base: nothing, shape: shapes[index])], body)
      }
      withPointers(arrays, shapes, views + [View(base: base, shape: shapes[index])], body)
    }
  }
}
