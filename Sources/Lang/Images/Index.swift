import TensorEngine

/// What stood between the brackets, evaluated: `2`, `z=4`, `10:20:2`.
struct Index {
  let axis: String?
  let kind: Kind
  enum Kind {
    case at(Value)
    case slice(start: Value?, end: Value?, step: Value?)
  }

  /// The place of a whole number in a sequence; negative numbers count from the end.
  ///
  /// - Throws: `LangError` that names the index and the length.
  static func position(_ value: Value, count: Int, of what: String) throws -> Int {
    guard case .number(let number) = value, let index = Int(exactly: number) else {
      throw LangError("an index is a whole number, not \(Show.brief(value))")
    }
    let (fromEnd, overflow) = index.addingReportingOverflow(index < 0 ? count : 0)
    guard !overflow, (0..<count).contains(fromEnd) else {
      throw LangError(
        "index \(index) is outside \(what) of \(count)",
        hint: count == 0 ? "it is empty" : "indices go from 0 to \(count - 1), or -\(count) to -1")
    }
    return fromEnd
  }

  /// Start, count and step of a slice as NumPy reads it: ends are clamped, the end is excluded.
  static func slice(
    _ start: Value?, _ end: Value?, _ step: Value?, count: Int
  ) throws -> (start: Int, count: Int, step: Int) {
    func whole(_ value: Value?) throws -> Int? {
      guard let value, !value.isNone else { return nil }
      guard case .number(let number) = value, let index = Int(exactly: number) else {
        throw LangError("the ends of a slice are whole numbers, not \(Show.brief(value))")
      }
      // Far outside is as good as just outside, and cannot overflow.
      return max(-(1 << 40), min(1 << 40, index))
    }
    let step = try whole(step) ?? 1
    guard step != 0 else { throw LangError("the step of a slice cannot be 0") }
    let (lowest, highest) = step > 0 ? (0, count) : (-1, count - 1)
    func clamped(_ index: Int?, _ initial: Int) -> Int {
      guard let index else { return initial }
      return max(lowest, min(highest, index < 0 ? index + count : index))
    }
    let first = clamped(try whole(start), step > 0 ? 0 : count - 1)
    let last = clamped(try whole(end), step > 0 ? count : -1)
    let length = step > 0 ? (last - first + step - 1) / step : (first - last - step - 1) / -step
    return (first, max(0, length), step)
  }
}
