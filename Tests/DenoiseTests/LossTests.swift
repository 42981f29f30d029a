import Denoise
import TensorEngine
import Testing

@Suite struct LossTests {
  private static func all() throws -> [any LossTerm] {
    [
      MeanSquaredError(), MeanAbsoluteError(), try HuberLoss(delta: 0.7),
      try CharbonnierLoss(epsilon: 0.1), PoissonLoss(), NormLoss(), try TotalVariation(),
      try TotalVariation(isotropic: true), try TotalVariation(order: 2),
      try TotalVariation(isotropic: true, order: 2), try StructuralLoss(range: 2),
      try FourierLoss(band: 0.2...0.5), try FourierLoss(band: 0.1...0.4, measure: .correlation),
    ]
  }

  private static let shapes = [[2, 2, 11], [2, 2, 9, 8], [1, 2, 5, 4, 7]]

  /// A loss written down, and numbers for it.
  private struct Case {
    let graph = Graph()
    let nodes: [Node]
    let total: Node
    let terms: [Node]
    let gradient: Node
    var numbers: [[Double]]

    init(_ loss: Loss, shape: [Int], hidden: (Int) -> Double = { $0 % 3 == 0 ? 1 : 0 }) throws {
      nodes = ["prediction", "target", "hidden"].map { [graph] in graph.input($0, shape: shape) }
      (total, terms) = try loss.nodes(
        prediction: nodes[0], target: nodes[1], hidden: nodes[2])
      gradient = try graph.gradients(of: total, with: [nodes[0]])[0]
      var stream = RandomStream(seed: 4, purpose: .sample)
      // Above zero, for counts.
      let draws = (0..<2).map { _ in
        (0..<shape.product).map { _ in Double(stream.uniform(0.5...3)) }
      }
      numbers = draws + [(0..<shape.product).map(hidden)]
    }

    func evaluate(_ output: Node) throws -> [Double] {
      try graph.evaluate([output], inputs: Array(zip(nodes, numbers)))[0]
    }

    var value: Double { get throws { try evaluate(total)[0] } }
  }

  /// Parseval: over all frequencies the error is the mean squared error, where the loss looks.
  @Test(arguments: shapes)
  func fourierErrorOverAllFrequenciesIsTheMeanSquaredError(shape: [Int]) throws {
    let whole = try Case(Loss(FourierLoss(band: 0...0.5)), shape: shape).value
    let squares = try Case(Loss(MeanSquaredError()), shape: shape).value
    #expect(abs(whole - squares) < 1e-9 * squares)
    let fine = try Case(Loss(FourierLoss(band: 0.3...0.5)), shape: shape).value
    let coarse = try Case(Loss(FourierLoss(band: 0...0.2999)), shape: shape).value
    #expect(abs(fine + coarse - squares) < 1e-9 * squares)
  }

  @Test func fourierCorrelationHasNoScale() throws {
    var made = try Case(
      Loss(FourierLoss(band: 0.1...0.5, measure: .correlation)), shape: [2, 1, 12, 10],
      hidden: { _ in 1 })
    made.numbers[0] = made.numbers[1].map { 3 * $0 }
    #expect(abs(try made.value) < 1e-6)
    #expect(throws: DenoiseError.self) { try FourierLoss(band: 0.4...0.7) }
    #expect(
      "\(try FourierLoss(band: 0.1...0.5, measure: .correlation))"
        == "fourier(band=[0.1, 0.5], measure=correlation)")
  }

  @Test(arguments: shapes)
  func gradientIsTheSlope(shape: [Int]) throws {
    for term in try LossTests.all() {
      let made = try Case(Loss(term), shape: shape)
      let gradient = try made.evaluate(made.gradient)
      #expect(gradient.contains { $0 != 0 }, "\(term)")
      let step = 1e-6
      for element in stride(from: 0, to: gradient.count, by: 7) {
        var (above, below) = (made, made)
        above.numbers[0][element] += step
        below.numbers[0][element] -= step
        let slope = try (above.value - below.value) / (2 * step)
        #expect(
          abs(slope - gradient[element]) <= 1e-7 + 1e-5 * abs(slope),
          "\(term) at \(element) of \(shape): \(gradient[element]) in place of \(slope)")
      }
    }
  }

  @Test(arguments: shapes)
  func valuesFollowTheFormulas(shape: [Int]) throws {
    func check(_ term: any LossTerm, _ formula: (_ f: Double, _ y: Double) -> Double) throws {
      let made = try Case(Loss(term), shape: shape)
      let looked = made.numbers[2].indices.filter { made.numbers[2][$0] == 1 }
      let sum = looked.reduce(0.0) { $0 + formula(made.numbers[0][$1], made.numbers[1][$1]) }
      let expected = sum / Double(looked.count)
      #expect(abs(try made.value - expected) <= 1e-6 * abs(expected), "\(term)")
    }
    try check(MeanSquaredError()) { ($0 - $1) * ($0 - $1) }
    try check(MeanAbsoluteError()) { abs($0 - $1) }
    try check(HuberLoss(delta: 0.7)) { f, y in
      let e = abs(f - y)
      return e <= 0.7 ? e * e / 2 : 0.7 * (e - 0.35)
    }
    try check(CharbonnierLoss(epsilon: 0.1)) { f, y in
      ((f - y) * (f - y) + 0.01).squareRoot()
    }
    try check(PoissonLoss()) { f, y in f - y * Elementary.log(f) }
  }

  @Test func normIsPerSampleAndDividedByItsHiddenPixels() throws {
    let made = try Case(Loss(NormLoss()), shape: [2, 1, 6]) { $0 < 6 ? 1 : $0 < 8 ? 1 : 0 }
    func norm(_ range: Range<Int>) -> Double {
      let squares = range.map { made.numbers[0][$0] - made.numbers[1][$0] }.map { $0 * $0 }
      return squares.reduce(0, +).squareRoot() / Double(range.count)
    }
    #expect(abs(try made.value - (norm(0..<6) + norm(6..<8)) / 2) < 1e-9)
  }

  @Test func totalVariationOfKnownShapes() throws {
    func variation(_ term: TotalVariation, _ shape: [Int], _ f: (Int) -> Double) throws -> Double {
      var made = try Case(Loss(term), shape: shape)
      made.numbers[0] = (0..<shape.product).map(f)
      return try made.value
    }
    // A ramp of slope 2 along 10 elements has 9 steps.
    let ramp: (Int) -> Double = { Double($0) * 2 }
    #expect(abs(try variation(TotalVariation(), [1, 1, 10], ramp) - 1.8) < 1e-12)
    // Second differences spare a slope, up to its ends.
    #expect(try variation(TotalVariation(order: 2), [1, 1, 10], ramp) == 0)
    #expect(
      abs(try variation(TotalVariation(order: 2), [1, 1, 5]) { Double($0 * $0) } - 6.0 / 5)
        < 1e-12)
    // A slanted plane: |dx| + |dy| against its length.
    let plane: (Int) -> Double = { Double($0 / 20 * 3 + $0 % 20 * 4) }
    let sides = [1, 1, 20, 20]
    let sum = try variation(TotalVariation(), sides, plane)
    #expect(abs(sum - 7 * 19.0 / 20) < 1e-9)
    let length = try variation(TotalVariation(isotropic: true), sides, plane)
    #expect(abs(length - (5 * 361.0 + 19 * 7 + 1e-6) / 400) < 1e-6)
  }

  @Test func structuralLossOfKnownPairs() throws {
    var made = try Case(Loss(StructuralLoss(range: 2)), shape: [1, 1, 9, 9])
    made.numbers[1] = made.numbers[0]
    #expect(abs(try made.value) < 1e-12)
    // Constant pictures: only the luminance term is left.
    made.numbers[0] = made.numbers[0].map { _ in 1 }
    made.numbers[1] = made.numbers[1].map { _ in 3 }
    let c = 1e-4 * 4
    #expect(abs(try made.value - (1 - (6 + c) / (10 + c))) < 1e-4)
  }

  @Test func sumsAreWeightedAndTermsAreNot() throws {
    let loss = Loss(MeanSquaredError()) + 0.5 * (Loss(MeanAbsoluteError()) + 3 * Loss(NormLoss()))
    #expect(loss.description == "mse + 0.5*mae + 1.5*l2")
    let made = try Case(loss, shape: [2, 1, 8])
    let terms = try made.terms.map { try made.evaluate($0)[0] }
    for (term, alone) in zip(
      terms, [MeanSquaredError(), MeanAbsoluteError(), NormLoss()] as [any LossTerm])
    {
      #expect(try Case(Loss(alone), shape: [2, 1, 8]).value == term)
    }
    #expect(abs(try made.value - (terms[0] + 0.5 * terms[1] + 1.5 * terms[2])) < 1e-12)
  }

  @Test func nothingToLookAtIsZeroNotNaN() throws {
    for term in [MeanSquaredError(), NormLoss()] as [any LossTerm] {
      let made = try Case(Loss(term), shape: [1, 1, 8]) { _ in 0 }
      #expect(try made.value == 0)
      #expect(try made.evaluate(made.gradient).allSatisfy { $0 == 0 })
    }
  }

  @Test func visiblePixelsHaveNoGradient() throws {
    for term in try LossTests.all() where !(term is TotalVariation || term is StructuralLoss) {
      let made = try Case(Loss(term), shape: [2, 1, 5, 6])
      let gradient = try made.evaluate(made.gradient)
      for (slope, hidden) in zip(gradient, made.numbers[2]) where hidden == 0 {
        #expect(slope == 0, "\(term)")
      }
    }
  }

  @Test func aLossThatIsNoNumberSaysSo() throws {
    struct Picture: LossTerm {
      let description = "picture"
      func value(prediction: Node, target: Node, hidden: Node) throws -> Node { prediction }
    }
    let error = #expect(throws: DenoiseError.self) {
      try Case(Loss(Picture()), shape: [1, 1, 4])
    }
    #expect(error?.message == "the loss `picture` gives 1x1x4, not one number")
  }
}
