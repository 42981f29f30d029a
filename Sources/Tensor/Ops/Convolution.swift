/// An n-d convolution (cross-correlation, as the field says it) with zeros around and an optional
/// bias: im2col and a matrix product. Inputs: x [N, C, space…], w [K, C / groups, kernel…], and
/// b [K] or none. Result: [N, K, space / stride rounded up…].
struct Convolution: GenericOp {
  static let name = "conv"
  let stride: [Int]
  let dilation: [Int]
  var groups = 1

  func geometry(_ x: [Int], _ w: [Int]) throws -> ConvolutionGeometry {
    try ConvolutionGeometry(x: x, w: w, stride: stride, dilation: dilation, groups: groups)
  }

  func shape(_ inputs: [[Int]]) throws -> [Int] {
    let g = try geometry(inputs[0], inputs[1])
    if inputs.count == 3, inputs[2] != [g.filters] {
      throw TensorError("a bias of shape \(inputs[2].asShape) for \(g.filters) filters")
    }
    return [g.batch, g.filters] + g.output
  }

  func scratch(_ inputs: [[Int]], threads: Int) -> Int {
    guard let g = try? geometry(inputs[0], inputs[1]) else { return 0 }
    return g.depth * g.chunk * threads
  }

  func compute<T: Scalar>(_ call: Call<T>) {
    guard let g = try? geometry(call.x[0].shape, call.x[1].shape) else { return }
    let perGroup = g.filters / g.groups
    let x = call.x[0].base
    let w = call.x[1].base
    Parallel.forEach(g.batch * g.groups * g.chunks) { task in
      let (job, chunk) = task.quotientAndRemainder(dividingBy: g.chunks)
      let (sample, group) = job.quotientAndRemainder(dividingBy: g.groups)
      let range = chunk * g.chunk..<min(g.outputCount, (chunk + 1) * g.chunk)
      guard let scratch = call.scratch else { return }
      let column = scratch + Parallel.thread * g.depth * g.chunk
      let source = x + (sample * g.channels + group * g.channels / g.groups) * g.inputCount
      g.unfold(source, range, into: column)
      let target =
        call.y.base + (sample * g.filters + group * perGroup) * g.outputCount + range.lowerBound
      var beta: T = 0
      if call.x.count == 3 {
        beta = 1
        for k in 0..<perGroup {
          let bias = call.x[2][group * perGroup + k]
          let row = target + k * g.outputCount
          for i in 0..<range.count { row[i] = bias }
        }
      }
      T.gemm(
        transposeA: false, transposeB: false, m: perGroup, n: range.count, k: g.depth,
        a: w + group * perGroup * g.depth, lda: g.depth, b: column, ldb: range.count, beta: beta,
        c: target, ldc: g.outputCount)
    }
  }

  func gradient(_ rule: Rule) throws -> [Node?] {
    let (x, w, dy) = (rule.x[0], rule.x[1], rule.dy)
    let axes = [0] + Array(2..<dy.rank)
    let dx = try dy.graph.apply(ConvolutionInputGradient(of: self, input: x.shape), [dy, w])
    let dw = try dy.graph.apply(ConvolutionWeightGradient(of: self, weights: w.shape), [x, dy])
    return rule.x.count == 3 ? [dx, dw, try dy.sum(axes: axes)] : [dx, dw]
  }
}

/// The gradient of a convolution with respect to its input, given dy and w; also the transposed
/// convolution.
struct ConvolutionInputGradient: GenericOp {
  static let name = "conv input gradient"
  let of: Convolution
  let input: [Int]

  func shape(_ inputs: [[Int]]) throws -> [Int] {
    let expected = try of.shape([input, inputs[1]])
    guard inputs[0] == expected else {
      throw TensorError("a gradient of \(inputs[0].asShape) for a result of \(expected.asShape)")
    }
    return input
  }

  func scratch(_ inputs: [[Int]], threads: Int) -> Int {
    guard let g = try? of.geometry(input, inputs[1]) else { return 0 }
    return g.depth * g.chunk * threads
  }

  /// Samples and groups in parallel; the chunks of one overlap, so they follow one another.
  func compute<T: Scalar>(_ call: Call<T>) {
    guard let g = try? of.geometry(input, call.x[1].shape), let scratch = call.scratch else {
      return
    }
    let perGroup = g.filters / g.groups
    let (dy, w) = (call.x[0].base, call.x[1].base)
    Parallel.forEach(g.batch * g.groups) { job in
      let (sample, group) = job.quotientAndRemainder(dividingBy: g.groups)
      let column = scratch + Parallel.thread * g.depth * g.chunk
      let inputs = g.channels / g.groups * g.inputCount
      let dx = call.y.base + (sample * g.groups + group) * inputs
      for i in 0..<inputs { dx[i] = 0 }
      for chunk in 0..<g.chunks {
        let range = chunk * g.chunk..<min(g.outputCount, (chunk + 1) * g.chunk)
        T.gemm(
          transposeA: true, transposeB: false, m: g.depth, n: range.count, k: perGroup,
          a: w + group * perGroup * g.depth, lda: g.depth,
          b: dy + (sample * g.filters + group * perGroup) * g.outputCount + range.lowerBound,
          ldb: g.outputCount, beta: 0, c: column, ldc: range.count)
        g.fold(column, range, into: dx)
      }
    }
  }

  func gradient(_ rule: Rule) throws -> [Node?] {
    let (dy, w) = (rule.x[0], rule.x[1])
    let graph = dy.graph
    return [
      try graph.apply(of, [rule.dy, w]),
      try graph.apply(ConvolutionWeightGradient(of: of, weights: w.shape), [rule.dy, dy]),
    ]
  }
}

/// The gradient of a convolution with respect to its weights, given x and dy.
struct ConvolutionWeightGradient: GenericOp {
  static let name = "conv weight gradient"
  let of: Convolution
  let weights: [Int]

  /// Partial sums that are added up in a fixed order, whatever the number of threads.
  private static let parts = 8

  func shape(_ inputs: [[Int]]) throws -> [Int] {
    let expected = try of.shape([inputs[0], weights])
    guard inputs[1] == expected else {
      throw TensorError("a gradient of \(inputs[1].asShape) for a result of \(expected.asShape)")
    }
    return weights
  }

  func scratch(_ inputs: [[Int]], threads: Int) -> Int {
    guard let g = try? of.geometry(inputs[0], weights) else { return 0 }
    return g.depth * g.chunk * threads + Self.parts * weights.product
  }

  func compute<T: Scalar>(_ call: Call<T>) {
    guard let g = try? of.geometry(call.x[0].shape, weights), let scratch = call.scratch else {
      return
    }
    let perGroup = g.filters / g.groups
    let (x, dy) = (call.x[0].base, call.x[1].base)
    let size = weights.product
    let partials = scratch + g.depth * g.chunk * Parallel.threads
    let tasks = g.batch * g.chunks
    Parallel.forEach(Self.parts) { part in
      let partial = partials + part * size
      for i in 0..<size { partial[i] = 0 }
      let column = scratch + Parallel.thread * g.depth * g.chunk
      for task in tasks * part / Self.parts..<tasks * (part + 1) / Self.parts {
        let (sample, chunk) = task.quotientAndRemainder(dividingBy: g.chunks)
        let range = chunk * g.chunk..<min(g.outputCount, (chunk + 1) * g.chunk)
        for group in 0..<g.groups {
          let source = x + (sample * g.channels + group * g.channels / g.groups) * g.inputCount
          g.unfold(source, range, into: column)
          T.gemm(
            transposeA: false, transposeB: true, m: perGroup, n: g.depth, k: range.count,
            a: dy + (sample * g.filters + group * perGroup) * g.outputCount + range.lowerBound,
            lda: g.outputCount, b: column, ldb: range.count, beta: 1,
            c: partial + group * perGroup * g.depth, ldc: g.depth)
        }
      }
    }
    for i in 0..<size {
      var total = partials[i]
      for part in 1..<Self.parts { total += partials[part * size + i] }
      call.y.base[i] = total
    }
  }

  func gradient(_ rule: Rule) throws -> [Node?] {
    let (x, dy) = (rule.x[0], rule.x[1])
    let graph = dy.graph
    return [
      try graph.apply(ConvolutionInputGradient(of: of, input: x.shape), [dy, rule.dy]),
      try graph.apply(of, [x, rule.dy]),
    ]
  }
}

extension Node {
  /// An n-d convolution; see `Convolution`.
  ///
  /// - Parameters:
  ///   - weights: [filters, channels / groups, kernel…], odd kernel sides.
  ///   - bias: [filters], or none.
  public func convolved(
    with weights: Node, bias: Node? = nil, stride: Int = 1, dilation: Int = 1, groups: Int = 1
  ) throws -> Node {
    let space = Swift.max(0, rank - 2)
    let op = Convolution(
      stride: Array(repeating: stride, count: space),
      dilation: Array(repeating: dilation, count: space), groups: groups)
    return try graph.apply(op, [self, weights] + (bias.map { [$0] } ?? []))
  }

  /// The transposed convolution that a convolution of stride `stride` from `space` to this has.
  ///
  /// - Parameter weights: [channels of this, channels of the result, kernel…].
  public func convolvedTransposed(
    with weights: Node, space: [Int], stride: Int = 1
  ) throws -> Node {
    guard weights.rank >= 3, weights.rank == rank else {
      throw TensorError(
        "a transposed convolution of \(shape.asShape) with \(weights.shape.asShape)")
    }
    let axes = rank - 2
    let op = Convolution(
      stride: Array(repeating: stride, count: axes), dilation: Array(repeating: 1, count: axes))
    let input = [shape[0], weights.shape[1]] + space
    return try graph.apply(ConvolutionInputGradient(of: op, input: input), [self, weights])
  }
}
