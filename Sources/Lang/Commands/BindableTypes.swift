import TensorEngine

extension Int: Bindable {
  public static var typeName: String { "a whole number" }
  public static func bind(_ value: Value) -> Int? {
    if case .number(let number) = value { Int(exactly: number) } else { nil }
  }
  public var value: Value { .number(Double(self)) }
}

extension Double: Bindable {
  public static var typeName: String { "a number" }
  public static func bind(_ value: Value) -> Double? {
    if case .number(let number) = value { number } else { nil }
  }
  public var value: Value { .number(self) }
}

extension Bool: Bindable {
  public static var typeName: String { "true or false" }
  public static func bind(_ value: Value) -> Bool? {
    if case .bool(let flag) = value { flag } else { nil }
  }
  public var value: Value { .bool(self) }
}

extension String: Bindable {
  public static var typeName: String { "a string" }
  public static func bind(_ value: Value) -> String? { value.asString }
  public var value: Value { .string(self) }
}

extension Image: Bindable {
  public static var typeName: String { "an image" }
  /// An image kept elsewhere is read whole; nil where it does not fit in memory.
  public static func bind(_ value: Value) -> Image? {
    value.asImage ?? value.asStoredImage.flatMap { try? $0.whole() }
  }
  public var value: Value { .image(self) }
}

extension Record: Bindable {
  public static var typeName: String { "a record" }
  public static func bind(_ value: Value) -> Record? { value.asRecord }
  public var value: Value { .record(self) }
}

extension NumberRange: Bindable {
  public static var typeName: String { "a range" }
  public static func bind(_ value: Value) -> NumberRange? {
    if case .range(let range) = value { range } else { nil }
  }
  public var value: Value { .range(self) }
}

extension Table: Bindable {
  public static var typeName: String { "a table" }
  public static func bind(_ value: Value) -> Table? {
    if case .table(let table) = value { table } else { nil }
  }
  public var value: Value { .table(self) }
}

extension Function: Bindable {
  public static var typeName: String { "a function" }
  public static func bind(_ value: Value) -> Self? { value.asFunction as? Self }
  public var value: Value { .function(self) }
}

/// Anything at all.
extension Value: Bindable {
  public static var typeName: String { "any value" }
  public static func bind(_ value: Value) -> Value? { value }
  public var value: Value { self }
}

extension Array: Bindable where Element: Bindable {
  public static var typeName: String { "a list (each " + Element.typeName + ")" }
  public static var choices: [String] { Element.choices }
  /// A single word of a choice is a list of one.
  public static func bind(_ value: Value) -> [Element]? {
    guard let items = value.asList ?? (choices.isEmpty ? nil : [value]) else { return nil }
    var bound: [Element] = []
    bound.reserveCapacity(items.count)
    for item in items {
      guard let element = Element.bind(item) else { return nil }
      bound.append(element)
    }
    return bound
  }
  public var value: Value { .list(map(\.value)) }
}

/// Types that need not be given, because `none` is one of their values.
protocol OptionalBindable {}
extension Optional: OptionalBindable {}

extension Optional: Bindable where Wrapped: Bindable {
  public static var typeName: String { Wrapped.typeName }
  public static var choices: [String] { Wrapped.choices }
  public static var takesWords: Bool { Wrapped.takesWords }
  /// `none` binds as nil.
  public static func bind(_ value: Value) -> Wrapped?? {
    if value.isNone { return .some(nil) }
    return Wrapped.bind(value).map(Optional.some)
  }
  public var value: Value { self?.value ?? .none }
}
