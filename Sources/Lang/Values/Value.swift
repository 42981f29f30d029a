import TensorEngine

/// What a name can hold.
///
/// Values are copied, never shared: changing an element of one list leaves its copies alone.
public enum Value {
  case none
  case bool(Bool)
  case number(Double)
  case string(String)
  case list([Value])
  case record(Record)
  indirect case range(NumberRange)
  indirect case image(Image)
  case function(Function)
  indirect case table(Table)
  /// Something of the host: a mask, a loss, a model, a noise kind …
  indirect case host(any HostObject)
  /// An image that has no numbers yet: a node of the graph that a user's function is traced into.
  indirect case traced(any ImageMath)
}

extension Value {
  /// The kind of value, as `type(x)` gives it: `"number"`, `"image"`, `"mask"` …
  public var kind: String {
    switch self {
    case .none: "none"
    case .bool: "bool"
    case .number: "number"
    case .string: "string"
    case .list: "list"
    case .record: "record"
    case .range: "range"
    case .image: "image"
    case .function: "function"
    case .table: "table"
    case .host(let object): object.kind
    case .traced: "image"
    }
  }

  /// The kind with its article, for sentences: `a number`, `an image`, `none`.
  public var kindWithArticle: String {
    if case .none = self { return "none" }
    return kind.withArticle
  }

  /// The number, where the value is one; `true` and `false` count as 1 and 0.
  public var asNumber: Double? {
    switch self {
    case .number(let number): number
    case .bool(let flag): flag ? 1 : 0
    default: nil
    }
  }

  /// The number as an `Int`, where it is whole and fits.
  public var asInt: Int? { asNumber.flatMap { Int(exactly: $0) } }

  public var asString: String? { if case .string(let text) = self { text } else { nil } }
  public var asImage: Image? { if case .image(let image) = self { image } else { nil } }
  public var asRecord: Record? { if case .record(let record) = self { record } else { nil } }
  public var asFunction: Function? {
    if case .function(let function) = self { function } else { nil }
  }
  public var isNone: Bool { if case .none = self { true } else { false } }

  /// The elements, where the value is a list or a range.
  public var asList: [Value]? {
    switch self {
    case .list(let items): items
    case .range(let range): range.numbers.map(Value.number)
    default: nil
    }
  }

  /// The numbers, where the value is a list of numbers or a range.
  public var asNumbers: [Double]? {
    switch self {
    case .range(let range): return range.numbers
    case .list(let items):
      var numbers: [Double] = []
      numbers.reserveCapacity(items.count)
      for item in items {
        guard let number = item.asNumber else { return nil }
        numbers.append(number)
      }
      return numbers
    default: return nil
    }
  }

  /// A list of numbers.
  public static func numbers(_ numbers: some Sequence<Double>) -> Value {
    .list(numbers.map(Value.number))
  }

  /// A whole number.
  public static func int(_ number: Int) -> Value { .number(Double(number)) }

  /// A text, or `none`.
  public static func text(_ text: String?) -> Value { text.map(Value.string) ?? .none }
}

extension Value: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral
{
  public init(floatLiteral value: Double) { self = .number(value) }
  public init(integerLiteral value: Int) { self = .number(Double(value)) }
  public init(stringLiteral value: String) { self = .string(value) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(arrayLiteral elements: Value...) { self = .list(elements) }
}

extension String {
  /// `image` as `an image`.
  package var withArticle: String {
    guard let first = first?.lowercased() else { return self }
    return ("aeiou".contains(first) ? "an " : "a ") + self
  }
}
