/// Functions of each element, and of all elements.
extension Builtins {
  static var elementary: [Builtin] {
    let summaries: [(UnaryFunction, String)] = [
      (.abs, "absolute value"), (.sqrt, "square root"), (.exp, "e to the power of x"),
      (.log, "natural logarithm"), (.log10, "logarithm to base 10"), (.sin, "sine, x in radians"),
      (.cos, "cosine, x in radians"), (.tan, "tangent, x in radians"),
      (.floor, "largest whole number not above x"), (.ceil, "smallest whole number not below x"),
      (.round, "nearest whole number, halves to even"), (.sign, "-1, 0 or 1"),
    ]
    return summaries.map { function, summary in
      Builtin(
        function.rawValue, "x", group: "Arithmetic",
        summary + ", of a number or of each element of an image"
      ) { call in try Operators.unary(function, call[0]) }
    } + [selection, clipping]
  }

  private static var selection: Builtin {
    Builtin(
      "where", "condition a b", group: "Arithmetic",
      "a where the condition is not 0, else b, element by element",
      examples: [Example("where(3 > 2, \"yes\", \"no\")")]
    ) { call in
      if let image = try ImageOperands.select(call[0], call[1], call[2]) { return image }
      return try Operators.truth(call[0]) ? call[1] : call[2]
    }
  }

  private static var clipping: Builtin {
    Builtin(
      "clip", "x low high", group: "Arithmetic", "x, but not below low and not above high",
      examples: [Example("clip(300, 0, 255)")]
    ) { call in
      let raised = try Operators.binary(.maximum, call[0], call[1])
      return try Operators.binary(.minimum, raised, call[2])
    }
  }

  static var reductions: [Builtin] {
    let summaries: [(Reduction, String)] = [
      (.sum, "sum"), (.mean, "mean"), (.std, "standard deviation (divided by the count)"),
      (.median, "median"),
    ]
    let plain = summaries.map { reduction, summary in
      Builtin(
        reduction.rawValue, "x", options: [.axis], group: "Arithmetic",
        summary + " of a list or an image; axis= keeps the other axes"
      ) { call in try reduce(reduction, call) }
    }
    return plain + [extreme(.min, .minimum, "smallest"), extreme(.max, .maximum, "largest")]
  }

  /// `min` and `max`: of one list or image, or of several values, element by element.
  private static func extreme(
    _ reduction: Reduction, _ pairwise: BinaryFunction, _ word: String
  ) -> Builtin {
    Builtin(
      reduction.rawValue, "x …", arity: 1...Builtin.anyNumber, options: [.axis],
      group: "Arithmetic",
      "\(word) of a list or an image, or of several values, element by element"
    ) { call in
      if call.count == 1 { return try reduce(reduction, call) }
      return try call.arguments.dropFirst().reduce(call[0]) {
        try Operators.binary(pairwise, $0, $1)
      }
    }
  }

  private static func reduce(_ reduction: Reduction, _ call: BuiltinCall) throws -> Value {
    switch call[0] {
    case .image(let image):
      guard let axis = call.named["axis"], !axis.isNone else {
        return .number(try ImageReduction.total(reduction, of: image.tensor.values))
      }
      let dimension = try dimension(axis, shape: image.shape, axes: image.axes)
      return ImageOperands.value(try image.reduce(reduction, dimension: dimension))
    case .traced(let node): return .traced(try reduce(node, reduction, call.named["axis"]))
    case .number, .bool: return .number(try call.number(0))
    default:
      if call.named["axis"] != nil {
        throw LangError("`axis` is for images, not \(call[0].kindWithArticle)")
      }
      return try reduce(reduction, call.list(0), call)
    }
  }

  private static func reduce<M: ImageMath>(
    _ node: M, _ reduction: Reduction, _ axis: Value?
  ) throws -> M {
    guard let axis, !axis.isNone else { return try node.reduce(reduction, dimension: nil) }
    let dimension = try dimension(axis, shape: node.shape, axes: node.axes)
    return try node.reduce(reduction, dimension: dimension)
  }

  /// A list of numbers, or of images of one shape.
  private static func reduce(
    _ reduction: Reduction, _ items: [Value], _ call: BuiltinCall
  ) throws -> Value {
    if let numbers = call[0].asNumbers { return .number(try ListStatistics.of(numbers, reduction)) }
    guard items.contains(where: \.isImageLike), let first = items.first else {
      throw LangError("`\(call.name)` takes a list of numbers or an image")
    }
    let pairwise: BinaryFunction
    switch reduction {
    case .sum, .mean: pairwise = .add
    case .min: pairwise = .minimum
    case .max: pairwise = .maximum
    case .std, .median: throw LangError("`\(call.name)` takes numbers or one image, not several")
    }
    let total = try items.dropFirst().reduce(first) { try Operators.binary(pairwise, $0, $1) }
    guard reduction == .mean else { return total }
    return try Operators.binary(.divide, total, .int(items.count))
  }

  /// A dimension by its number (negative from the end) or its letter.
  private static func dimension(_ axis: Value, shape: [Int], axes: String) throws -> Int {
    if let letter = axis.asString { return try ImageIndexing.dimension(letter, axes: axes) }
    return try Index.position(axis, count: shape.count, of: "the axes")
  }
}

/// Sums, means and their like of plain numbers.
enum ListStatistics {
  /// - Throws: `LangError` for the mean, extremes, deviation or median of nothing.
  static func of(_ numbers: [Double], _ reduction: Reduction) throws -> Double {
    guard !numbers.isEmpty || reduction == .sum else {
      throw LangError("`\(reduction.rawValue)` of an empty list")
    }
    let count = Double(numbers.count)
    let sum = numbers.reduce(0, +)
    switch reduction {
    case .sum: return sum
    case .mean: return sum / count
    case .std:
      return (numbers.reduce(0) { $0 + ($1 - sum / count) * ($1 - sum / count) } / count)
        .squareRoot()
    case .min, .max, .median:
      if numbers.contains(where: \.isNaN) { return .nan }
      let sorted = numbers.sorted()
      let middle = sorted.count / 2
      switch reduction {
      case .min: return sorted[0]
      case .max: return sorted[sorted.count - 1]
      default:
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
      }
    }
  }
}
