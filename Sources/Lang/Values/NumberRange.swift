/// The numbers from a start to an end, both included: `0..5`, `0.1..0.5 step 0.1`.
public struct NumberRange: Equatable, Sendable {
  public let start: Double
  public let end: Double
  public let step: Double

  /// Most numbers a range may stand for; more would only fill the memory.
  public static let longest = 100_000_000

  /// - Throws: `LangError` where an end is no finite number, the step is zero or leads away from
  ///   the end, or there are too many numbers.
  public init(from start: Double, to end: Double, step: Double? = nil) throws {
    let step = step ?? 1
    guard start.isFinite, end.isFinite, step.isFinite else {
      throw LangError("a range needs finite numbers")
    }
    guard step != 0 else { throw LangError("the step of a range cannot be 0") }
    guard ((end - start) / step).isFinite, (end - start) / step < Double(NumberRange.longest)
    else {
      throw LangError(
        "the range has more than \(NumberRange.longest) numbers", hint: "give a larger `step`")
    }
    self.start = start
    self.end = end
    self.step = step
  }

  /// How many numbers there are; none where the step leads away from the end.
  ///
  /// A hair of a step is allowed for, so that `0.1..0.5 step 0.1` has its 0.5.
  public var count: Int {
    let steps = ((end - start) / step + 1e-9).rounded(.down)
    return steps < 0 ? 0 : Int(steps) + 1
  }

  public subscript(index: Int) -> Double { start + Double(index) * step }
  public var numbers: [Double] { (0..<count).map { self[$0] } }

  public func contains(_ number: Double) -> Bool {
    let position = (number - start) / step
    return position >= -1e-9 && position < Double(count) - 0.5
      && abs(position - position.rounded()) < 1e-9
  }
}
