import TensorEngine

/// Calls of every op and of every composite of ops, in 1, 2 and 3 dimensions where it applies.
/// `OpListTests` fails where an op is in none of them.
enum OpSamples {
  static let all: [OpSample] =
    functions + arithmetic + errors + reductions + shaping + products + transforms + convolutions
    + pooling + norms + random + second

  private static let positive = 0.1...2.0

  // MARK: Number by number

  private static func function(
    _ name: String, _ domain: ClosedRange<Double> = -2...2,
    _ build: @escaping @Sendable (Node) throws -> Node
  ) -> [OpSample] {
    [[7], [3, 4], [2, 3, 2]].map { shape in
      OpSample(name, [shape], domains: [domain], large: [[70_001]]) { try build($0[0]) }
    }
  }

  private static let functions: [OpSample] = [
    function("negate") { try -$0 },
    function("abs") { try $0.abs() },
    function("sqrt", positive) { try $0.sqrt() },
    function("square") { try $0.square() },
    function("exp") { try $0.exp() },
    function("log", positive) { try $0.log() },
    function("sin") { try $0.sin() },
    function("cos") { try $0.cos() },
    function("tan", -1...1) { try $0.tan() },
    function("tanh") { try $0.tanh() },
    function("sigmoid") { try $0.sigmoid() },
    function("relu") { try $0.relu() },
    function("leaky relu") { try $0.leakyReLU(0.1) },
    function("floor") { try $0.floor() },
    function("ceil") { try $0.ceiling() },
    function("round") { try $0.round() },
    function("sign") { try $0.sign() },
    function("not") { try $0.not() },
    function("number on the right") { try (($0 + 1.5) * 2 - 0.5) / 3 },
    function("number on the left", positive) { try 1 / (2 * (3 - (0.5 + $0))) },
    function("square by power") { try $0.power(2) },
    function("cube by power") { try $0.power(3) },
    function("one by power") { try $0.power(0) },
    function("clamped") { try $0.maximum(-1).minimum(0.75) },
  ].flatMap { $0 }

  // MARK: Two tensors

  private static func pair(
    _ name: String, _ a: ClosedRange<Double> = -2...2, _ b: ClosedRange<Double> = -2...2,
    _ build: @escaping @Sendable (Node, Node) throws -> Node
  ) -> [OpSample] {
    let shapes: [(small: [[Int]], large: [[Int]])] = [
      ([[5], [5]], [[70_001], [70_001]]),
      ([[3, 4], [4]], [[300, 400], [400]]),
      ([[4], [3, 4]], [[400], [300, 400]]),
      ([[2, 1, 4], [3, 1]], [[40, 1, 70], [50, 1]]),
      ([[2, 3, 2], []], [[30, 40, 60], []]),
    ]
    return shapes.map { shapes in
      OpSample(name, shapes.small, domains: [a, b], large: shapes.large) { try build($0[0], $0[1]) }
    }
  }

  private static let arithmetic: [OpSample] =
    [
      pair("+") { try $0 + $1 },
      pair("-") { try $0 - $1 },
      pair("*") { try $0 * $1 },
      pair("/", -2...2, 0.5...2) { try $0 / $1 },
      pair("^", 0.2...2) { try $0.power($1) },
      pair("mod", 0.1...5, 1...2) { try $0.modulo($1) },
      pair("mod of negatives", -5...(-0.1), 1...2) { try $0.modulo($1) },
      pair("max") { try $0.maximum($1) },
      pair("min") { try $0.minimum($1) },
      pair("where") { try $0.compare(.greater, $1).select($0.square(), $1 * 3) },
    ].flatMap { $0 }
    + Comparison.allCases.flatMap { comparison in
      pair(comparison.rawValue) { try $0.compare(comparison, $1) * $0 }
    }

  private static let errors: [OpSample] = [
    ("squared", PixelError.squared), ("absolute", .absolute), ("huber", .huber(0.5)),
    ("charbonnier", .charbonnier(0.1)), ("poisson", .poisson),
  ].flatMap { (name: String, error: PixelError) in
    [[7], [2, 3, 4]].map { shape in
      OpSample(
        "masked error, \(name)", [shape, shape], domains: [0.2...2, 0.2...2],
        large: [[70_001], [70_001]]
      ) { x in
        let seen = Tensor(shape: x[0].shape) { Float($0 % 3) }
        return try x[0].meanError(error, against: x[1], where: x[0].graph.constant(seen))
      }
    }
  }

  // MARK: Reductions and shapes

  private static let reductions: [OpSample] = [
    ([7], [0]), ([3, 4], [0]), ([3, 4], [1]), ([2, 3, 4], [1]), ([2, 3, 4], [0, 2]),
    ([2, 3, 4], [0, 1, 2]), ([2, 3, 4], []),
  ].flatMap { (shape: [Int], axes: [Int]) in
    let large = [shape.count == 1 ? [100_000] : shape.map { _ in shape.count == 2 ? 300 : 48 }]
    return [
      OpSample("sum over \(axes)", [shape], large: large) { try $0[0].sum(axes: axes) },
      OpSample("sum over \(axes) kept", [shape], large: large) {
        try $0[0].sum(axes: axes, keep: true)
      },
      OpSample("mean over \(axes)", [shape], large: large) { try $0[0].mean(axes: axes) },
      OpSample("greatest over \(axes)", [shape], large: large) { try $0[0].greatest(axes: axes) },
      OpSample("smallest over \(axes)", [shape], large: large) { try $0[0].smallest(axes: axes) },
    ]
  }

  private static let shaping: [OpSample] = [
    OpSample("broadcast", [[3]], large: [[400]]) { x in
      try x[0].broadcast(to: [2, 2] + x[0].shape)
    },
    OpSample("broadcast inner", [[2, 1, 3]], large: [[50, 1, 60]]) { x in
      try x[0].broadcast(to: [x[0].shape[0], 40, x[0].shape[2]])
    },
    OpSample("reshape", [[2, 6]], large: [[200, 600]]) { x in try x[0].reshape([x[0].count]) },
    OpSample("transpose", [[3, 4]], large: [[300, 401]]) { try $0[0].permute([1, 0]) },
    OpSample("permute", [[2, 3, 4]], large: [[40, 50, 61]]) { try $0[0].permute([2, 0, 1]) },
    OpSample("slice", [[5]], large: [[90_000]]) { x in
      try x[0].slice(axis: 0, 1..<x[0].shape[0] - 1)
    },
    OpSample("slice of rows", [[4, 3]], large: [[400, 300]]) { try $0[0].slice(axis: 0, 1..<3) },
    OpSample("slice with steps", [[2, 5, 7]], large: [[20, 50, 70]]) {
      try $0[0].slice(starts: [1, 4, 0], steps: [1, -2, 3], target: [1, 3, 3])
    },
    OpSample("padded", [[2, 3]], large: [[200, 300]]) {
      try $0[0].padded(before: [1, 0], after: [0, 2])
    },
    OpSample("flipped", [[2, 3, 4]], large: [[20, 30, 90]]) { try $0[0].flipped(axes: [0, 2]) },
    OpSample("concat", [[2], [3]], large: [[50_000], [30_000]]) { try .concatenate($0, axis: 0) },
    OpSample(
      "concat along channels", [[2, 3, 2], [2, 1, 2]], large: [[20, 30, 99], [20, 7, 99]]
    ) {
      try .concatenate($0 + [$0[0]], axis: 1)
    },
  ]

  private static let products: [OpSample] = [
    OpSample("matmul", [[3, 4], [4, 2]], large: [[150, 40], [40, 30]]) { try $0[0].product($0[1]) },
    OpSample("matmul, a transposed", [[4, 3], [4, 2]], large: [[40, 150], [40, 30]]) {
      try $0[0].product($0[1], transposeA: true)
    },
    OpSample("matmul, b transposed", [[3, 4], [2, 4]], large: [[150, 40], [30, 40]]) {
      try $0[0].product($0[1], transposeB: true)
    },
    OpSample("matmul, both transposed", [[4, 3], [2, 4]], large: [[40, 150], [30, 40]]) {
      try $0[0].product($0[1], transposeA: true, transposeB: true)
    },
  ]

  // MARK: Fourier transforms

  private static let transforms: [OpSample] = [
    OpSample("fourier of a line", [[2, 7]], large: [[2, 3000]]) { try $0[0].fourier(axes: [1]) },
    OpSample("fourier, inverse", [[2, 12]], large: [[2, 60, 96]]) {
      try $0[0].fourier(axes: [1], inverse: true)
    },
    OpSample("fourier 2-D", [[2, 2, 3, 4]], large: [[2, 9, 50, 64]]) {
      try $0[0].fourier(axes: [2, 3])
    },
    OpSample("fourier 3-D of real numbers", [[2, 5, 4, 6]], large: [[3, 20, 32, 22]]) {
      try $0[0].complex().fourier(axes: [2, 3, 4]).square()
    },
  ]

  // MARK: Networks

  private static let convolutions: [OpSample] = [
    OpSample("conv 1-D", [[2, 2, 6], [3, 2, 3], [3]], large: [[2, 4, 30_000], [8, 4, 5], [8]]) {
      try $0[0].convolved(with: $0[1], bias: $0[2])
    },
    OpSample("conv 2-D", [[2, 2, 4, 3], [2, 2, 3, 3]], large: [[2, 4, 90, 101], [8, 4, 3, 3]]) {
      try $0[0].convolved(with: $0[1])
    },
    OpSample(
      "conv 2-D, stride 2, dilation 2", [[1, 2, 5, 4], [2, 2, 3, 3], [2]],
      large: [[3, 4, 180, 201], [8, 4, 3, 3], [8]]
    ) { try $0[0].convolved(with: $0[1], bias: $0[2], stride: 2, dilation: 2) },
    OpSample(
      "conv 2-D, groups", [[1, 4, 3, 3], [4, 2, 3, 1], [4]],
      large: [[2, 4, 101, 99], [6, 2, 3, 1], [6]]
    ) { try $0[0].convolved(with: $0[1], bias: $0[2], groups: 2) },
    OpSample(
      "conv 3-D", [[1, 2, 3, 2, 3], [2, 2, 3, 1, 3], [2]],
      large: [[2, 3, 20, 21, 22], [4, 3, 3, 3, 3], [4]]
    ) { try $0[0].convolved(with: $0[1], bias: $0[2]) },
    OpSample("transposed conv 1-D", [[2, 3, 3], [3, 2, 3]], large: [[2, 8, 9000], [8, 4, 3]]) { x in
      try x[0].convolvedTransposed(with: x[1], space: [2 * x[0].shape[2]], stride: 2)
    },
    OpSample(
      "transposed conv 2-D", [[1, 2, 2, 3], [2, 2, 3, 3]], large: [[2, 8, 60, 70], [8, 4, 3, 3]]
    ) { x in
      let space = x[0].shape.dropFirst(2).map { 2 * $0 }
      return try x[0].convolvedTransposed(with: x[1], space: space, stride: 2)
    },
    OpSample(
      "partial conv", [[1, 2, 4, 3], [2, 2, 3, 3], [1, 1, 4, 3]],
      domains: [-2...2, -2...2, 0.1...1],
      large: [[2, 2, 90, 80], [4, 2, 3, 3], [1, 1, 90, 80]]
    ) { x in
      let ones = x[0].graph.constant(Tensor(repeating: 1, shape: [1, 1, 3, 3]))
      let seen = try x[2].convolved(with: ones)
      return try (x[0] * x[2]).convolved(with: x[1]) * 9 / seen
    },
    OpSample(
      "finish of a partial conv", [[2, 2, 4, 3], [2]], large: [[2, 8, 90, 101], [8]]
    ) { x in
      var shape = x[0].shape
      shape[1] = 1
      let share = Tensor(shape: shape) { Float($0 % 3) }
      return try x[0].partiallyFinished(share: x[0].graph.constant(share), bias: x[1])
    },
    OpSample(
      "fused conv 1-D", [[2, 2, 5], [3, 2, 3], [3]], large: [[2, 4, 9000], [8, 4, 3], [8]]
    ) {
      try .fusedConvolution([$0[0]], weights: $0[1], bias: $0[2], slope: 0.1)
    },
    OpSample(
      "fused conv 2-D of two sources, one upsampled",
      [[1, 2, 2, 3], [1, 1, 4, 6], [2, 3, 3, 3], [2]],
      large: [[2, 4, 40, 41], [2, 6, 80, 82], [8, 10, 3, 3], [8]]
    ) {
      try .fusedConvolution(
        [$0[0], $0[1]], scales: [2, 1], weights: $0[2], bias: $0[3], slope: 0)
    },
    OpSample(
      "fused conv 2-D in a window, one source upsampled",
      [[1, 2, 3, 4], [1, 1, 6, 8], [2, 3, 3, 3], [2]],
      large: [[2, 4, 40, 41], [2, 6, 80, 82], [8, 10, 3, 3], [8]]
    ) {
      let space = $0[1].shape.dropFirst(2).map { $0 / 2 }
      return try .fusedConvolution(
        [$0[0], $0[1]], scales: [2, 1], weights: $0[2], bias: $0[3], slope: 0.2,
        window: (start: [2, 0], size: [space[0] - 1, space[1] + 1]))
    },
    OpSample("fused conv 3-D, stride 2", [[1, 2, 3, 4, 2], [2, 2, 3, 3, 1]]) {
      try .fusedConvolution([$0[0]], weights: $0[1], stride: 2)
    },
    OpSample("import and export", [[1, 3, 4, 3]]) { try $0[0].imported().square().exported() },
  ]

  private static let pooling: [OpSample] =
    [
      ([2, 2, 5], [2, 8, 9001]), ([1, 2, 4, 5], [2, 8, 90, 91]),
      ([1, 2, 4, 2, 3], [2, 4, 20, 21, 22]),
    ].flatMap { (shape: [Int], large: [Int]) in
      [
        OpSample("max pool", [shape], large: [large]) { try $0[0].maxPooled(2) },
        OpSample("mean pool", [shape], large: [large]) { try $0[0].averagePooled(2) },
        OpSample("upsample nearest", [shape], large: [large]) { try $0[0].upsampledNearest(2) },
        OpSample("upsample linear", [shape], large: [large]) { try $0[0].upsampledLinear() },
        OpSample("max-blur pool", [shape], large: [large]) { try $0[0].maxBlurPooled() },
      ]
    } + [
      OpSample("max pool, overlapping", [[1, 2, 5, 7]], large: [[2, 8, 91, 93]]) {
        try $0[0].maxPooled(3, stride: 2)
      },
      OpSample("upsample linear of one element", [[2, 1, 1, 3]]) { try $0[0].upsampledLinear() },
    ]

  private static let norms: [OpSample] = [
    ([4, 2, 5], [4, 8, 9001]), ([2, 3, 3, 4], [4, 8, 70, 71]),
    ([2, 2, 2, 3, 2], [2, 4, 20, 21, 22]),
  ].flatMap { (shape: [Int], large: [Int]) in
    let shapes = [shape, [shape[1]], [shape[1]]]
    let largeShapes = [large, [large[1]], [large[1]]]
    return [
      OpSample("batch norm", shapes, large: largeShapes) { x in
        let moments = try x[0].channelMoments()
        return try x[0].batchNormalized(moments: moments, ofBatch: true, gamma: x[1], beta: x[2])
      },
      OpSample("batch norm with running moments", shapes, large: largeShapes) { x in
        let channels = x[0].shape[1]
        let moments = Tensor(shape: [2, channels]) { 0.5 + 0.25 * Float($0) }
        return try x[0].batchNormalized(
          moments: x[0].graph.constant(moments), ofBatch: false, gamma: x[1], beta: x[2])
      },
    ]
  }

  private static let random: [OpSample] = [
    OpSample("dropout", [[4, 5]], large: [[300, 301]]) { x in
      try x[0].dropout(probability: 0.3, number: 1)
    }
  ]

  // MARK: Gradients of gradients

  /// The gradients of the sum of squares of `build`'s result, one after another.
  private static func gradients(
    _ name: String, _ shapes: [[Int]], _ build: @escaping @Sendable ([Node]) throws -> Node
  ) -> OpSample {
    OpSample("gradient of \(name)", shapes) { x in
      let gradients = try x[0].graph.gradients(of: build(x).square().sum(), with: x)
      return try .concatenate(gradients.map { try $0.reshape([$0.count]) }, axis: 0)
    }
  }

  private static let second: [OpSample] = [
    gradients("conv", [[1, 2, 3, 4], [2, 2, 3, 3]]) { try $0[0].convolved(with: $0[1], stride: 2) },
    gradients("grouped conv", [[1, 2, 5], [4, 1, 3]]) {
      try $0[0].convolved(with: $0[1], groups: 2)
    },
    gradients("transposed conv", [[1, 2, 3], [2, 2, 3]]) {
      try $0[0].convolvedTransposed(with: $0[1], space: [6], stride: 2)
    },
    gradients("relu", [[3, 4]]) { try $0[0].leakyReLU(0.2) },
    gradients("slice", [[6]]) { try $0[0].slice(starts: [5], steps: [-2], target: [2]) },
    gradients("matmul", [[2, 3], [3, 2]]) { try $0[0].product($0[1]) },
    gradients("upsampling", [[1, 1, 2, 3]]) { try $0[0].upsampledNearest(2) },
    gradients("mean pool", [[1, 1, 5]]) { try $0[0].averagePooled(2) },
  ]
}
