import TensorEngine
import Testing

/// Values and gradients against PyTorch's.
@Suite struct ReferenceTests {
  @Test(arguments: [
    ("conv1d", 1, 1, 1), ("conv1d_dilated", 1, 3, 1), ("conv1d_strided", 3, 1, 1),
    ("conv2d", 1, 1, 1), ("conv2d_strided", 2, 1, 1), ("conv2d_dilated", 1, 2, 1),
    ("conv2d_grouped", 1, 1, 2), ("conv2d_depthwise", 2, 2, 3), ("conv2d_pointwise", 1, 1, 1),
    ("conv3d", 1, 1, 1), ("conv3d_strided", 2, 1, 1), ("conv3d_grouped", 1, 2, 2),
  ])
  func convolution(_ name: String, stride: Int, dilation: Int, groups: Int) throws {
    let reference = try ReferenceCase(name)
    try reference.check(["x", "w"] + (reference.holds("b") ? ["b"] : [])) {
      try $0[0].convolved(
        with: $0[1], bias: $0.count == 3 ? $0[2] : nil, stride: stride, dilation: dilation,
        groups: groups)
    }
  }

  @Test(arguments: 1...3)
  func transposedConvolution(axes: Int) throws {
    let reference = try ReferenceCase("transposed\(axes)d")
    let space = Array(try reference["y"].shape.dropFirst(2))
    try reference.check(["x", "w"]) {
      try $0[0].convolvedTransposed(with: $0[1], space: space, stride: 2)
    }
  }

  @Test(arguments: 1...3)
  func pooling(axes: Int) throws {
    try ReferenceCase("maxpool\(axes)d").check(["x"]) { try $0[0].maxPooled(2) }
    try ReferenceCase("maxpool\(axes)d_overlapping").check(["x"]) {
      try $0[0].maxPooled(3, stride: 2)
    }
    try ReferenceCase("meanpool\(axes)d").check(["x"]) { try $0[0].averagePooled(2) }
  }

  @Test func poolingOfTies() throws {
    try ReferenceCase("maxpool2d_ties").check(["x"]) { try $0[0].maxPooled(2) }
  }

  @Test(arguments: 1...3)
  func upsampling(axes: Int) throws {
    try ReferenceCase("nearest\(axes)d").check(["x"]) { try $0[0].upsampledNearest(2) }
    try ReferenceCase("linear\(axes)d").check(["x"]) { try $0[0].upsampledLinear() }
  }

  @Test(arguments: 1...3)
  func batchNorm(axes: Int) throws {
    try ReferenceCase("batchnorm\(axes)d").check(["x", "gamma", "beta"]) {
      try $0[0].batchNormalized(
        moments: $0[0].channelMoments(), ofBatch: true, gamma: $0[1], beta: $0[2])
    }
    try ReferenceCase("batchnorm\(axes)d_running").check(
      ["x", "gamma", "beta"], fixed: ["moments"]
    ) {
      try $0[0].batchNormalized(moments: $0[3], ofBatch: false, gamma: $0[1], beta: $0[2])
    }
  }

  typealias Function = @Sendable (Node) throws -> Node

  static let functions: [(name: String, function: Function)] = [
    ("abs", { try $0.abs() }), ("exp", { try $0.exp() }), ("sin", { try $0.sin() }),
    ("cos", { try $0.cos() }), ("tan", { try $0.tan() }), ("tanh", { try $0.tanh() }),
    ("sigmoid", { try $0.sigmoid() }), ("relu", { try $0.relu() }),
    ("square", { try $0.square() }), ("leaky", { try $0.leakyReLU(0.1) }),
    ("sqrt", { try $0.sqrt() }), ("log", { try $0.log() }), ("floor", { try $0.floor() }),
    ("ceiling", { try $0.ceiling() }), ("round", { try $0.round() }), ("sign", { try $0.sign() }),
  ]

  @Test(arguments: functions)
  func function(_ name: String, _ function: Function) throws {
    try ReferenceCase("function_\(name)").check(["x"]) { try function($0[0]) }
  }

  @Test func roundingOfHalves() throws {
    let reference = try ReferenceCase("round_halves")
    let graph = Graph()
    let x = graph.input("x", shape: try reference["x"].shape)
    let found = try Plan(graph, outputs: [x.round()], inputs: [x]).run([reference["x"]])
    #expect(found == [try reference["y"]])
  }

  typealias Pair = @Sendable (Node, Node) throws -> Node

  static let pairs: [(name: String, function: Pair)] = [
    ("add", { try $0 + $1 }), ("subtract", { try $0 - $1 }), ("multiply", { try $0 * $1 }),
    ("divide", { try $0 / $1 }), ("power", { try $0.power($1) }),
    ("maximum", { try $0.maximum($1) }), ("minimum", { try $0.minimum($1) }),
    ("modulo", { try $0.modulo($1) }),
    ("where", { try $0.compare(.greater, $0.graph.constant(0)).select($0, $1) }),
  ]

  @Test(arguments: pairs)
  func broadcasting(_ name: String, _ function: Pair) throws {
    try ReferenceCase("broadcast_\(name)").check(["a", "b"]) { try function($0[0], $0[1]) }
  }

  @Test(arguments: [("all", [0, 1, 2]), ("first", [0]), ("last", [2]), ("outer", [0, 2])])
  func reduction(_ name: String, axes: [Int]) throws {
    try ReferenceCase("sum_\(name)").check(["x"]) { try $0[0].sum(axes: axes) }
    try ReferenceCase("mean_\(name)").check(["x"]) { try $0[0].mean(axes: axes) }
    try ReferenceCase("greatest_\(name)").check(["x"]) { try $0[0].greatest(axes: axes) }
    try ReferenceCase("smallest_\(name)").check(["x"]) { try $0[0].smallest(axes: axes) }
  }

  @Test(arguments: [
    ("matmul", false, false), ("matmul_tn", true, false), ("matmul_nt", false, true),
    ("matmul_tt", true, true),
  ])
  func matrixProduct(_ name: String, transposeA: Bool, transposeB: Bool) throws {
    try ReferenceCase(name).check(["a", "b"]) {
      try $0[0].product($0[1], transposeA: transposeA, transposeB: transposeB)
    }
  }

  typealias Loss = @Sendable (_ x: Node, _ t: Node, _ mask: Node) throws -> Node

  static let losses: [(name: String, loss: Loss)] = [
    ("mse", { x, t, _ in try (x - t).square().mean() }),
    ("mae", { x, t, _ in try (x - t).abs().mean() }),
    (
      "huber",
      { x, t, _ in
        let error = try (x - t).abs()
        let near = try error.square() * 0.5
        let far = try (error - 0.35) * 0.7
        return try error.compare(.less, x.graph.constant(0.7)).select(near, far).mean()
      }
    ),
    ("masked_mse", { x, t, mask in try ((x - t).square() * mask).sum() / mask.sum() }),
    ("charbonnier", { x, t, _ in try ((x - t).square() + 1e-3).sqrt().mean() }),
    ("poisson", { x, t, _ in try (x.exp() - t.abs() * x).mean() }),
    (
      "gaussian",
      { x, t, mask in
        let variance = try mask + 0.5
        return try ((variance.log() + (x - t).square() / variance) * 0.5).mean()
      }
    ),
  ]

  @Test(arguments: losses)
  func loss(_ name: String, _ loss: Loss) throws {
    try ReferenceCase("loss_\(name)").check(["x"], fixed: ["t", "m"]) {
      try loss($0[0], $0[1], $0[2])
    }
  }
}
