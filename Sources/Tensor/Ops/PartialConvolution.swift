/// The end of a partial convolution (Liu et al. 2018): share * x + bias where a pixel's share is
/// above zero, 0 elsewhere. Inputs: x [N, C, space…], the product of visible pixels and weights;
/// share [N, 1, space…], by how much it stands for more than was visible; bias [C].
///
/// The share comes from a mask and has no gradient.
struct PartialFinish: GenericOp {
  static let name = "partial conv finish"
  /// Slope of a leaky ReLU on the result; 1 for none.
  var slope = 1.0
  var overwritten: Int? { 0 }
  var label: String {
    PartialFinish.name + (slope == 1 ? "" : slope == 0 ? " + relu" : " + leaky relu")
  }

  func shape(_ inputs: [[Int]]) throws -> [Int] {
    let x = inputs[0]
    guard x.count >= 2, inputs[1] == [x[0], 1] + x.dropFirst(2), inputs[2] == [x[1]] else {
      throw TensorError(
        "a partial convolution of \(x.asShape) with shares of \(inputs[1].asShape) and a bias of "
          + inputs[2].asShape)
    }
    return x
  }

  func compute<T: Scalar>(_ call: Call<T>) {
    let (channels, pixels) = (call.y.shape[1], call.y.shape.dropFirst(2).product)
    Parallel.forEach(call.y.shape[0] * channels) { plane in
      let start = plane * pixels
      let share = call.x[1].base + plane / channels * pixels
      let bias = call.x[2][plane % channels]
      for i in 0..<pixels {
        let value = share[i] > 0 ? call.x[0][start + i] * share[i] + bias : 0
        call.y.base[start + i] = value > 0 ? value : T(slope) * value
      }
    }
  }

  func gradient(_ rule: Rule) throws -> [Node?] {
    let graph = rule.y.graph
    let given = [rule.dy, rule.y, rule.x[1]]
    let dx = try graph.apply(PartialFinishGradient(slope: slope), given)
    return [dx, nil, try graph.apply(PartialBiasGradient(slope: slope), given + [dx])]
  }
}

/// The gradient of `PartialFinish` at its x; from dy, y and the shares.
///
/// The kernel leaves that at the bias behind its result, for `PartialBiasGradient`.
struct PartialFinishGradient: GenericOp {
  static let name = "partial conv finish gradient"
  let slope: Double

  func shape(_ inputs: [[Int]]) throws -> [Int] { inputs[0] }

  func compute<T: Scalar>(_ call: Call<T>) {
    let (channels, pixels) = (call.y.shape[1], call.y.shape.dropFirst(2).product)
    Parallel.forEach(call.y.shape[0] * channels) { plane in
      let start = plane * pixels
      let share = call.x[2].base + plane / channels * pixels
      for i in 0..<pixels {
        let dy = call.x[0][start + i]
        let bent = call.x[1][start + i] > 0 ? dy : T(slope) * dy
        call.y.base[start + i] = share[i] > 0 ? bent * share[i] : 0
      }
    }
  }

  func gradient(_ rule: Rule) throws -> [Node?] {
    throw TensorError("a partial convolution has no second derivative")
  }
}

/// The gradient of `PartialFinish` at its bias; from dy, y, the shares and the gradient at x.
struct PartialBiasGradient: GenericOp {
  static let name = "partial conv bias gradient"
  let slope: Double

  func shape(_ inputs: [[Int]]) throws -> [Int] { [inputs[0][1]] }

  func compute<T: Scalar>(_ call: Call<T>) {
    let shape = call.x[0].shape
    let (channels, pixels) = (shape[1], shape.dropFirst(2).product)
    Parallel.forEach(channels) { channel in
      var total = 0.0
      for sample in 0..<shape[0] {
        let start = (sample * channels + channel) * pixels
        let share = call.x[2].base + sample * pixels
        total += Double(
          ChainedSum.of(pixels) { i in
            let dy = share[i] > 0 ? call.x[0][start + i] : 0
            return call.x[1][start + i] > 0 ? dy : T(slope) * dy
          })
      }
      call.y.base[channel] = T(total)
    }
  }

  func gradient(_ rule: Rule) throws -> [Node?] {
    throw TensorError("a partial convolution has no second derivative")
  }
}

extension Node {
  /// share * self + bias where the share is above zero, 0 elsewhere; see `PartialFinish`.
  public func partiallyFinished(share: Node, bias: Node) throws -> Node {
    try graph.apply(PartialFinish(), [self, share, bias])
  }
}
