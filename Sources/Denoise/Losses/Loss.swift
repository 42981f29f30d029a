import TensorEngine

/// One term of a loss: a number from a prediction, what it is compared with, and where to look.
///
/// All nodes are [samples, channels, space…]; `hidden` is 1 where the loss looks and 0 elsewhere.
public protocol LossTerm: CustomStringConvertible {
  func value(prediction: Node, target: Node, hidden: Node) throws -> Node
}

/// A weighted sum of terms: `mse + 1e-3*tv`. Each term keeps a curve of its own.
public struct Loss: CustomStringConvertible {
  public struct Part {
    public let weight: Double
    public let term: any LossTerm
  }

  public var parts: [Part]

  public init(_ term: any LossTerm) { parts = [Part(weight: 1, term: term)] }

  public static func + (a: Loss, b: Loss) -> Loss {
    var sum = a
    sum.parts += b.parts
    return sum
  }

  public static func * (weight: Double, loss: Loss) -> Loss {
    var scaled = loss
    scaled.parts = loss.parts.map { Part(weight: weight * $0.weight, term: $0.term) }
    return scaled
  }

  public var description: String {
    parts.enumerated().map { index, part in
      let size = index == 0 ? part.weight : abs(part.weight)
      let text = size == 1 ? "\(part.term)" : "\(size.plain)*\(part.term)"
      return index == 0 ? text : (part.weight < 0 ? " - " : " + ") + text
    }.joined()
  }

  /// The sum and its terms, unweighted.
  ///
  /// - Throws: `TensorError` where shapes do not fit; `DenoiseError` where a term is no number.
  package func nodes(
    prediction: Node, target: Node, hidden: Node
  ) throws -> (total: Node, terms: [Node]) {
    let terms = try parts.map { part in
      let node = try part.term.value(prediction: prediction, target: target, hidden: hidden)
      guard node.count == 1 else {
        throw DenoiseError(
          "the loss `\(part.term)` gives \(node.shape.asShape), not one number",
          hint: "end it in a `mean` or `sum`")
      }
      return try node.reshape([])
    }
    guard let first = terms.first else { throw DenoiseError("a loss without terms") }
    let total = try zip(terms, parts).dropFirst().reduce(first * parts[0].weight) {
      try $0 + $1.0 * $1.1.weight
    }
    return (total, terms)
  }
}
