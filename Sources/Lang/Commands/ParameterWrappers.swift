/// What a command's property wrappers have in common: they describe themselves as a `Parameter`.
protocol DeclaredParameter {
  /// The declaration under the property's name in the language; its `bind` fills this wrapper.
  func parameter(named name: String) -> Parameter
}

/// Where a wrapper keeps its value. A class, so that binding reaches the command it belongs to.
final class ParameterBox<T> {
  private var stored: T?
  init(_ value: T? = nil) { stored = value }

  /// An optional begins as nil, anything else empty.
  init(initialOf type: T.Type) where T: Bindable {
    stored = type is any OptionalBindable.Type ? type.bind(.none) : nil
  }

  var value: T {
    get {
      guard let stored else {
        // The binder refuses a call before `run` when a required argument is missing.
        preconditionFailure("a required argument was read before it was bound")
      }
      return stored
    }
    set { stored = newValue }
  }
}

/// A positional argument: `@Argument("image to judge") var image: Image`.
///
/// Positions are those of the declarations. One with a default may be left out; every argument may
/// also be given by name.
@propertyWrapper
public struct Argument<T: Bindable>: DeclaredParameter {
  private let box: ParameterBox<T>
  private let declaration: ParameterDeclaration

  public init(_ help: String) {
    box = ParameterBox(initialOf: T.self)
    declaration = ParameterDeclaration(kind: .positional, help: help)
  }
  public init(_ help: String, in range: some LimitRange) {
    box = ParameterBox(initialOf: T.self)
    declaration = ParameterDeclaration(kind: .positional, help: help, limits: range.limits)
  }
  public init(wrappedValue: T, _ help: String) {
    box = ParameterBox(wrappedValue)
    declaration = ParameterDeclaration(
      kind: .positional, help: help, defaultValue: wrappedValue.value)
  }
  public init(wrappedValue: T, _ help: String, in range: some LimitRange) {
    box = ParameterBox(wrappedValue)
    declaration = ParameterDeclaration(
      kind: .positional, help: help, limits: range.limits, defaultValue: wrappedValue.value)
  }

  public var wrappedValue: T {
    get { box.value }
    nonmutating set { box.value = newValue }
  }
  func parameter(named name: String) -> Parameter {
    Parameter(name: name, declaration, binding: box)
  }
}

/// A named option: `@Option("passes over the data", in: 1...) var epochs: Int = 100`.
///
/// Without a default it must be given, unless its type is optional.
@propertyWrapper
public struct Option<T: Bindable>: DeclaredParameter {
  private let box: ParameterBox<T>
  private let declaration: ParameterDeclaration

  public init(_ help: String) {
    box = ParameterBox(initialOf: T.self)
    declaration = ParameterDeclaration(kind: .option, help: help)
  }
  public init(_ help: String, in range: some LimitRange) {
    box = ParameterBox(initialOf: T.self)
    declaration = ParameterDeclaration(kind: .option, help: help, limits: range.limits)
  }
  public init(wrappedValue: T, _ help: String) {
    box = ParameterBox(wrappedValue)
    declaration = ParameterDeclaration(kind: .option, help: help, defaultValue: wrappedValue.value)
  }
  public init(wrappedValue: T, _ help: String, in range: some LimitRange) {
    box = ParameterBox(wrappedValue)
    declaration = ParameterDeclaration(
      kind: .option, help: help, limits: range.limits, defaultValue: wrappedValue.value)
  }

  public var wrappedValue: T {
    get { box.value }
    nonmutating set { box.value = newValue }
  }
  func parameter(named name: String) -> Parameter {
    Parameter(name: name, declaration, binding: box)
  }
}

/// All further positional arguments: `@Rest("images to compare", atLeast: 2) var images: [Image]`.
@propertyWrapper
public struct Rest<T: Bindable>: DeclaredParameter {
  private let box = ParameterBox<[T]>([])
  private let declaration: ParameterDeclaration

  public init(_ help: String, atLeast: Int = 0) {
    declaration = ParameterDeclaration(kind: .rest(atLeast: atLeast), help: help)
  }

  public var wrappedValue: [T] {
    get { box.value }
    nonmutating set { box.value = newValue }
  }
  func parameter(named name: String) -> Parameter {
    Parameter(name: name, declaration, elements: box)
  }
}

/// Options of any name: `@OtherOptions("values to try") var axes: Record` of `sweep p=[…] { … }`.
///
/// Inside the command's block their names are variables.
@propertyWrapper
public struct OtherOptions: DeclaredParameter {
  private let box = ParameterBox<Record>([:])
  private let declaration: ParameterDeclaration

  public init(_ help: String) {
    declaration = ParameterDeclaration(kind: .otherOptions, help: help, defaultValue: .record([:]))
  }

  public var wrappedValue: Record {
    get { box.value }
    nonmutating set { box.value = newValue }
  }
  func parameter(named name: String) -> Parameter {
    Parameter(name: name, declaration, binding: box)
  }
}

/// The `{ … }` at the end of the call: `@TrailingBlock("what is timed") var body: Block`.
@propertyWrapper
public struct TrailingBlock: DeclaredParameter {
  private let box = ParameterBox(Block(function: nil))
  private let declaration: ParameterDeclaration

  public init(_ help: String, required: Bool = true) {
    declaration = ParameterDeclaration(
      kind: .block, help: help, defaultValue: required ? nil : Value.none)
  }

  public var wrappedValue: Block {
    get { box.value }
    nonmutating set { box.value = newValue }
  }
  func parameter(named name: String) -> Parameter {
    Parameter(name: name, declaration, block: box)
  }
}
