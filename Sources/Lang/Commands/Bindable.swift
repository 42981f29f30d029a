/// A type that an argument or option can have.
public protocol Bindable {
  /// With its article, as a sentence needs it: `a whole number`, `an image`.
  static var typeName: String { get }
  /// Words that may stand bare, such as `n2v` in `method=n2v`; empty for other types.
  static var choices: [String] { get }
  /// Whether any bare word stands for itself, as in `help psnr`.
  static var takesWords: Bool { get }
  /// The value as this type, or nil where it is none.
  static func bind(_ value: Value) -> Self?
  /// Back again, for showing defaults.
  var value: Value { get }
}

extension Bindable {
  public static var choices: [String] { [] }
  public static var takesWords: Bool { false }
}

/// A fixed set of words: `enum Fill: String, Choice { case zero, mean }`.
public protocol Choice: Bindable, CaseIterable, RawRepresentable where RawValue == String {}

extension Choice {
  public static var typeName: String { "one of " + choices.joined(separator: ", ") }
  public static var choices: [String] { allCases.map(\.rawValue) }
  public static func bind(_ value: Value) -> Self? { value.asString.flatMap(Self.init(rawValue:)) }
  public var value: Value { .string(rawValue) }
}

/// Objects of the host bind by their Swift type.
extension Bindable where Self: HostObject {
  public static func bind(_ value: Value) -> Self? {
    if case .host(let object) = value { object as? Self } else { nil }
  }
  public var value: Value { .host(self) }
}

/// A bare word or a string, taken literally: `help psnr`, `session save "a.dn"`.
public struct Word: Bindable, Equatable, Sendable {
  public let text: String
  public init(_ text: String) { self.text = text }

  public static var typeName: String { "a word" }
  public static var takesWords: Bool { true }
  public static func bind(_ value: Value) -> Word? { value.asString.map(Word.init) }
  public var value: Value { .string(text) }
}

/// One type or the other, tried in this order: `Either<Int, [Int]>` for a side or a list of sides.
public enum Either<A: Bindable, B: Bindable>: Bindable {
  case first(A)
  case second(B)

  public static var typeName: String { A.typeName + " or " + B.typeName }
  public static var choices: [String] { A.choices + B.choices }
  public static var takesWords: Bool { A.takesWords || B.takesWords }
  public static func bind(_ value: Value) -> Self? {
    A.bind(value).map(Either.first) ?? B.bind(value).map(Either.second)
  }
  public var value: Value {
    switch self {
    case .first(let first): first.value
    case .second(let second): second.value
    }
  }
}
