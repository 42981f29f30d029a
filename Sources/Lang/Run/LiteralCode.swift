/// `[a, b]`
final class ListCode: Code {
  let items: [Code]
  let place: Place
  init(_ items: [Code], _ place: Place) {
    self.items = items
    self.place = place
  }
  override func evaluate(_ frame: Frame) throws -> Value {
    var values: [Value] = []
    values.reserveCapacity(items.count)
    for item in items { values.append(try item.evaluate(frame)) }
    do {
      return try Nesting.checked(.list(values))
    } catch { throw Failure.located(error, at: place) }
  }
}

/// `{p: 0.3}`
final class RecordCode: Code {
  let fields: [(name: String, value: Code)]
  let place: Place
  init(_ fields: [(name: String, value: Code)], _ place: Place) {
    self.fields = fields
    self.place = place
  }
  override func evaluate(_ frame: Frame) throws -> Value {
    var record = Record()
    for field in fields { record[field.name] = try field.value.evaluate(frame) }
    do {
      return try Nesting.checked(.record(record))
    } catch { throw Failure.located(error, at: place) }
  }
}

/// `0..5 step 2`
final class RangeCode: Code {
  let start: Code
  let end: Code
  let step: Code?
  let place: Place
  init(_ start: Code, _ end: Code, _ step: Code?, _ place: Place) {
    self.start = start
    self.end = end
    self.step = step
    self.place = place
  }
  override func evaluate(_ frame: Frame) throws -> Value {
    do {
      let from = try number(start, frame)
      let to = try number(end, frame)
      return .range(
        try NumberRange(from: from, to: to, step: try step.map { try number($0, frame) }))
    } catch { throw Failure.located(error, at: place) }
  }
  private func number(_ code: Code, _ frame: Frame) throws -> Double {
    let value = try code.evaluate(frame)
    guard case .number(let number) = value else {
      throw LangError("a range goes from number to number, not \(Show.brief(value))")
    }
    return number
  }
}

/// `"a {x:.2f}"`
final class InterpolationCode: Code {
  enum Part {
    case text(String)
    case code(Code, FormatSpec?, Place)
  }
  let parts: [Part]
  init(_ parts: [Part]) { self.parts = parts }

  override func evaluate(_ frame: Frame) throws -> Value {
    var text = ""
    for part in parts {
      switch part {
      case .text(let piece): text += piece
      case .code(let code, let format, let place):
        let value = try code.evaluate(frame)
        do {
          text += try format?.text(value) ?? Show.bare(value)
        } catch { throw Failure.located(error, at: place) }
      }
    }
    return .string(text)
  }
}

/// `def` and `fn`: makes the closure.
final class ClosureCode: Code {
  let function: FunctionCode
  init(_ function: FunctionCode) { self.function = function }
  override func evaluate(_ frame: Frame) throws -> Value {
    .function(Closure(function, frame).asFunction)
  }
}
