/// Mean and variance (dividing by the count) of each channel of [N, C, space…], as [2, C].
///
/// It has no gradient of its own: `BatchNorm` accounts for it.
struct ChannelMoments: GenericOp {
  static let name = "channel moments"
  /// Whether the convolution that made the data took its sums on the way; see `GradientFusion`.
  var fromSums = false
  var label: String { fromSums ? "channel moments from sums" : name }

  func shape(_ inputs: [[Int]]) throws -> [Int] {
    guard inputs[0].count >= 2 else {
      throw TensorError("data of shape \(inputs[0].asShape) has no channels")
    }
    return [2, inputs[0][1]]
  }

  func compute<T: Scalar>(_ call: Call<T>) {
    let channels = Channels(call.x[0].shape)
    let x = call.x[0].base
    Parallel.forEach(channels.count) { channel in
      var total = 0.0
      channels.forEachRun(channel) { start, length in
        total += Double(ChainedSum.of(length) { x[start + $0] })
      }
      let mean = T(total / Double(channels.size))
      var squares = 0.0
      channels.forEachRun(channel) { start, length in
        squares += Double(
          ChainedSum.of(length) { (x[start + $0] - mean) * (x[start + $0] - mean) })
      }
      call.y.base[channel] = mean
      call.y.base[channels.count + channel] = T(squares / Double(channels.size))
    }
  }

  func gradient(_ rule: Rule) throws -> [Node?] { [nil] }
}

/// Batch normalisation (Ioffe and Szegedy 2015): gamma (x - mean) / sqrt(variance + epsilon) +
/// beta, channel by channel. Inputs: x [N, C, space…], moments [2, C], gamma [C], beta [C].
///
/// Where `ofBatch`, the moments must be `ChannelMoments` of the same x, and the gradient with
/// respect to x includes their dependence on it; else they are constants (running averages).
struct BatchNorm: GenericOp {
  static let name = "batch norm"
  let epsilon: Double
  let ofBatch: Bool
  /// Slope of a leaky ReLU on the result; 1 for none.
  var slope = 1.0
  var overwritten: Int? { 0 }

  func shape(_ inputs: [[Int]]) throws -> [Int] {
    guard inputs[0].count >= 2, inputs[1] == [2, inputs[0][1]], inputs[2] == [inputs[0][1]],
      inputs[3] == inputs[2]
    else {
      throw TensorError("batch norm of \(inputs[0].asShape) with \(inputs[2].asShape) scales")
    }
    return inputs[0]
  }

  func compute<T: Scalar>(_ call: Call<T>) {
    let channels = Channels(call.x[0].shape)
    let (x, y, moments) = (call.x[0].base, call.y.base, call.x[1].base)
    Parallel.forEach(channels.planes) { plane in
      let channel = plane % channels.count
      let scale =
        call.x[2][channel] / (moments[channels.count + channel] + T(epsilon)).squareRoot()
      let shift = call.x[3][channel] - moments[channel] * scale
      let start = plane * channels.plane
      for i in start..<start + channels.plane {
        let value = x[i] * scale + shift
        y[i] = value > 0 ? value : T(slope) * value
      }
    }
  }

  func gradient(_ rule: Rule) throws -> [Node?] {
    let (x, moments, gamma) = (rule.x[0], rule.x[1], rule.x[2])
    let graph = x.graph
    let inputs = [x, moments, gamma, rule.x[3], rule.dy]
    let sums = try graph.apply(BatchNormSums(epsilon: epsilon, slope: slope), inputs)
    let channels = x.shape[1]
    let dx = try graph.apply(
      BatchNormInputGradient(epsilon: epsilon, ofBatch: ofBatch, slope: slope), inputs + [sums])
    let dbeta = try sums.slice(axis: 0, 0..<1).reshape([channels])
    let dgamma = try sums.slice(axis: 0, 1..<2).reshape([channels])
    return [dx, nil, dgamma, dbeta]
  }
}

/// Sums over each channel of the gradient before the activation, and of that times the normalised
/// x, as [2, C]; from x, moments, gamma, beta and dy.
struct BatchNormSums: GenericOp {
  static let name = "batch norm sums"
  let epsilon: Double
  /// Slope of the leaky ReLU on the result; 1 for none.
  var slope = 1.0

  func shape(_ inputs: [[Int]]) throws -> [Int] { [2, inputs[0][1]] }

  func compute<T: Scalar>(_ call: Call<T>) {
    let channels = Channels(call.x[0].shape)
    let (x, moments, dy) = (call.x[0].base, call.x[1].base, call.x[4].base)
    Parallel.forEach(channels.count) { channel in
      let mean = moments[channel]
      let inverse = 1 / (moments[channels.count + channel] + T(epsilon)).squareRoot()
      let bend = Bend(call, channel, inverse: inverse, slope: slope)
      var sum = 0.0
      var product = 0.0
      channels.forEachRun(channel) { start, length in
        sum += Double(
          ChainedSum.of(length) { bend.gradient(dy[start + $0], at: x[start + $0]) })
        product += Double(
          ChainedSum.of(length) {
            bend.gradient(dy[start + $0], at: x[start + $0]) * (x[start + $0] - mean)
          })
      }
      call.y.base[channel] = T(sum)
      call.y.base[channels.count + channel] = T(product) * inverse
    }
  }

  func gradient(_ rule: Rule) throws -> [Node?] {
    throw TensorError("batch norm has no second derivative")
  }
}

/// The leaky ReLU behind a batch norm, as its gradient sees it.
private struct Bend<T: Scalar> {
  let scale: T
  let shift: T
  let slope: T

  /// - Parameter call: inputs x, moments, gamma, beta, and more.
  init(_ call: Call<T>, _ channel: Int, inverse: T, slope: Double) {
    scale = call.x[2][channel] * inverse
    shift = call.x[3][channel] - call.x[1][channel] * scale
    self.slope = T(slope)
  }

  /// What reaches the normalised value of x.
  @inline(__always)
  func gradient(_ dy: T, at x: T) -> T { x * scale + shift > 0 ? dy : slope * dy }
}

/// The gradient of batch norm with respect to x; from x, moments, gamma, beta, dy and the sums.
struct BatchNormInputGradient: GenericOp {
  static let name = "batch norm input gradient"
  let epsilon: Double
  let ofBatch: Bool
  /// Slope of the leaky ReLU on the result; 1 for none.
  var slope = 1.0
  var overwritten: Int? { 4 }

  func shape(_ inputs: [[Int]]) throws -> [Int] { inputs[0] }

  func compute<T: Scalar>(_ call: Call<T>) {
    let channels = Channels(call.x[0].shape)
    let (x, moments, dy) = (call.x[0].base, call.x[1].base, call.x[4].base)
    let sums = call.x[5].base
    Parallel.forEach(channels.planes) { plane in
      let channel = plane % channels.count
      let inverse = 1 / (moments[channels.count + channel] + T(epsilon)).squareRoot()
      let scale = call.x[2][channel] * inverse
      let bend = Bend(call, channel, inverse: inverse, slope: slope)
      let start = plane * channels.plane
      let dx = call.y.base
      guard ofBatch else {
        for i in start..<start + channels.plane { dx[i] = bend.gradient(dy[i], at: x[i]) * scale }
        return
      }
      let mean = moments[channel]
      let dyMean = sums[channel] / T(channels.size)
      let product = sums[channels.count + channel] / T(channels.size) * inverse
      for i in start..<start + channels.plane {
        dx[i] = scale * (bend.gradient(dy[i], at: x[i]) - dyMean - (x[i] - mean) * product)
      }
    }
  }

  func gradient(_ rule: Rule) throws -> [Node?] {
    throw TensorError("batch norm has no second derivative")
  }
}

/// How the channels of [N, C, space…] lie in memory.
private struct Channels {
  let count: Int
  let samples: Int
  let plane: Int

  init(_ shape: [Int]) {
    samples = shape[0]
    count = shape[1]
    plane = shape.dropFirst(2).product
  }

  var planes: Int { samples * count }
  /// Elements of one channel over all samples.
  var size: Int { samples * plane }

  /// Calls `body` with short contiguous runs of one channel, so that partial sums stay exact.
  @inline(__always)
  func forEachRun(_ channel: Int, _ body: (_ start: Int, _ length: Int) -> Void) {
    for sample in 0..<samples {
      let start = (sample * count + channel) * plane
      for offset in stride(from: 0, to: plane, by: 1024) {
        body(start + offset, min(1024, plane - offset))
      }
    }
  }
}

extension Node {
  /// Mean and variance of each channel, as [2, C]; see `BatchNorm`.
  public func channelMoments() throws -> Node { try graph.apply(ChannelMoments(), [self]) }

  /// Batch normalisation with the moments of this very batch, or with given constant ones.
  public func batchNormalized(
    moments: Node, ofBatch: Bool, gamma: Node, beta: Node, epsilon: Double = 1e-5
  ) throws -> Node {
    try graph.apply(
      BatchNorm(epsilon: epsilon, ofBatch: ofBatch), [self, moments, gamma, beta])
  }
}
