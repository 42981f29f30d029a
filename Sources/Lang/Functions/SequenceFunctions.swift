import Glibc

/// Lists of numbers.
extension Builtins {
  static var sequences: [Builtin] {
    [
      Builtin(
        "range", "start end step", arity: 1...3, group: "Lists",
        "whole numbers from start (or 0) to before end",
        examples: [Example("range(3)"), Example("range(10, 0, -2)")]
      ) { call in
        let start = call.count == 1 ? 0 : try call.number(0)
        let end = try call.number(call.count == 1 ? 0 : 1)
        let step = call.count == 3 ? try call.number(2) : 1
        guard step != 0 else { throw LangError("the step of `range` cannot be 0") }
        let count = ((end - start) / step).rounded(.up)
        return .numbers(try spaced(count) { start + $0 * step })
      },
      Builtin(
        "linspace", "start end count", arity: 2...3, group: "Lists",
        "count (or 50) numbers from start to end, evenly spaced",
        examples: [Example("linspace(0, 1, 5)")]
      ) { call in
        let (start, end, count) = try ends(call)
        return .numbers(
          try spaced(count) { count < 2 ? start : start + (end - start) * $0 / (count - 1) })
      },
      Builtin(
        "logspace", "start end count", arity: 2...3, group: "Lists",
        "count (or 50) numbers from 10^start to 10^end, evenly spaced in their logarithm",
        examples: [Example("logspace(-2, 0, 3)")]
      ) { call in
        let (start, end, count) = try ends(call)
        return .numbers(
          try spaced(count) {
            pow(10, count < 2 ? start : start + (end - start) * $0 / (count - 1))
          })
      },
    ]
  }

  private static func ends(_ call: BuiltinCall) throws -> (Double, Double, Double) {
    let count = call.count == 3 ? try call.int(2) : 50
    return (try call.number(0), try call.number(1), Double(count))
  }

  private static func spaced(
    _ count: Double, _ number: (Double) -> Double
  ) throws -> [Double] {
    guard count.isFinite, count < Double(NumberRange.longest) else {
      throw LangError("a list of more than \(NumberRange.longest) numbers is too long")
    }
    return (0..<Int(max(0, count))).map { number(Double($0)) }
  }
}
