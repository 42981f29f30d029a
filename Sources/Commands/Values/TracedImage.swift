import Lang
import TensorEngine

/// An image of a graph: the language's arithmetic on it writes ops down in the place of computing.
struct TracedImage: ImageMath {
  let node: Node
  let axes: String

  var shape: [Int] { node.shape }

  init(node: Node, axes: String) {
    self.node = node
    self.axes = axes
  }

  /// A batch [samples, channels, space…].
  init(batch node: Node) {
    self.init(node: node, axes: "SC" + String("ZYX".suffix(max(0, node.rank - 2))))
  }

  func lift(_ image: Image) throws -> TracedImage {
    TracedImage(node: node.graph.constant(image.tensor), axes: image.axes)
  }

  func unary(_ function: UnaryFunction) throws -> TracedImage {
    let result: Node =
      switch function {
      case .negate: try -node
      case .not: try node.not()
      case .abs: try node.abs()
      case .sqrt: try node.sqrt()
      case .exp: try node.exp()
      case .log: try node.log()
      case .log10: try node.log() / Elementary.log(10.0)
      case .sin: try node.sin()
      case .cos: try node.cos()
      case .tan: try node.tan()
      case .floor: try node.floor()
      case .ceil: try node.ceiling()
      case .round: try node.round()
      case .sign: try node.sign()
      }
    return TracedImage(node: result, axes: axes)
  }

  func binary(_ function: BinaryFunction, _ right: TracedImage) throws -> TracedImage {
    let (a, b) = (node, right.node)
    func compare(_ comparison: TensorEngine.Comparison) throws -> Node {
      try a.compare(comparison, b)
    }
    let result: Node =
      switch function {
      case .add: try a + b
      case .subtract: try a - b
      case .multiply: try a * b
      case .divide: try a / b
      case .modulo: try a.modulo(b)
      case .power: try a.raised(to: b)
      case .less: try compare(.less)
      case .lessOrEqual: try compare(.lessEqual)
      case .greater: try compare(.greater)
      case .greaterOrEqual: try compare(.greaterEqual)
      case .equal: try compare(.equal)
      case .notEqual: try compare(.notEqual)
      case .and: try a.not().not() * b.not().not()
      case .or: try a.not().not().maximum(b.not().not())
      case .minimum: try a.minimum(b)
      case .maximum: try a.maximum(b)
      }
    return TracedImage(node: result, axes: shape.count >= right.shape.count ? axes : right.axes)
  }

  func reduce(_ reduction: Lang.Reduction, dimension: Int?) throws -> TracedImage {
    let dimensions = dimension.map { [$0] }
    let result: Node
    switch reduction {
    case .sum: result = try node.sum(axes: dimensions)
    case .mean: result = try node.mean(axes: dimensions)
    case .max: result = try node.greatest(axes: dimensions)
    case .min: result = try node.smallest(axes: dimensions)
    case .std:
      let centered = try node - node.mean(axes: dimensions, keep: true)
      result = try centered.square().mean(axes: dimensions).sqrt()
    case .median:
      throw LangError("a median has no gradient, so a loss cannot use it", hint: "use `mean`")
    }
    var letters = Array(axes)
    if let dimension { letters.remove(at: dimension) } else { letters = [] }
    return TracedImage(node: result, axes: String(letters))
  }

  func select(_ yes: TracedImage, _ no: TracedImage) throws -> TracedImage {
    TracedImage(
      node: try node.select(yes.node, no.node),
      axes: [self, yes, no].max { $0.shape.count < $1.shape.count }?.axes ?? axes)
  }

  func slice(_ cuts: [AxisCut]) throws -> TracedImage {
    var result = node
    var letters = ""
    var kept: [Int] = []
    for (dimension, (cut, letter)) in zip(cuts, axes).enumerated() {
      switch cut {
      case .at(let index):
        result = try result.slice(axis: dimension, index..<index + 1)
        continue
      case .range(let start, let count, let step):
        var starts = result.shape.map { _ in 0 }
        var steps = result.shape.map { _ in 1 }
        var target = result.shape
        (starts[dimension], steps[dimension], target[dimension]) = (start, step, count)
        result = try result.slice(starts: starts, steps: steps, target: target)
      case .pick(let indices):
        result = try .concatenate(
          indices.map { try result.slice(axis: dimension, $0..<$0 + 1) }, axis: dimension)
      }
      letters.append(letter)
      kept.append(dimension)
    }
    let sides = kept.map { result.shape[$0] }
    return TracedImage(node: try result.reshape(sides), axes: letters)
  }
}

extension Node {
  /// a^b; squares are written as such, which are defined for negative numbers too.
  fileprivate func raised(to exponent: Node) throws -> Node {
    switch exponent.number {
    case 1: self
    case 2: try square()
    case 3: try square() * self
    case 0.5: try sqrt()
    default: try power(exponent)
    }
  }
}
