import TensorEngine

/// What a property wrapper says of itself.
struct ParameterDeclaration {
  let kind: Parameter.Kind
  let help: String
  var limits: Limits?
  /// nil: must be given.
  var defaultValue: Value?
}

/// One argument or option of a command, its Swift type erased.
public struct Parameter {
  public enum Kind: Equatable, Sendable {
    case positional
    case rest(atLeast: Int)
    case option
    case otherOptions
    case block
  }

  /// As the language writes it: `per_channel` for a property `perChannel`.
  public let name: String
  public let help: String
  public let kind: Kind
  /// `a whole number`, `one of zero, mean` …
  public let typeName: String
  public let choices: [String]
  public let takesWords: Bool
  public let isRequired: Bool
  /// How the default is written; nil where there is none to tell.
  public let defaultText: String?
  /// Limits of its numbers in words: `at least 1`.
  public var limitsText: String? { limits?.description }
  let limits: Limits?
  private let store: (Value) -> Bool

  init<T: Bindable>(name: String, _ declaration: ParameterDeclaration, binding box: ParameterBox<T>)
  {
    self.init(name: name, declaration, type: T.self) { value in
      guard let bound = T.bind(value) else { return false }
      box.value = bound
      return true
    }
  }

  init<T: Bindable>(
    name: String, _ declaration: ParameterDeclaration, elements box: ParameterBox<[T]>
  ) {
    self.init(name: name, declaration, type: T.self) { value in
      guard let bound = T.bind(value) else { return false }
      box.value.append(bound)
      return true
    }
  }

  init(name: String, _ declaration: ParameterDeclaration, block box: ParameterBox<Block>) {
    self.init(name: name, declaration, type: Function.self) { value in
      guard let function = value.asFunction else { return false }
      box.value = Block(function: function)
      return true
    }
  }

  private init(
    name: String, _ declaration: ParameterDeclaration, type: any Bindable.Type,
    store: @escaping (Value) -> Bool
  ) {
    self.name = name
    help = declaration.help
    kind = declaration.kind
    typeName = declaration.kind == .block ? "a block `{ … }`" : type.typeName
    choices = type.choices
    takesWords = type.takesWords
    limits = declaration.limits
    if case .rest(let least) = declaration.kind {
      isRequired = least > 0
    } else {
      isRequired = declaration.defaultValue == nil && !(type is any OptionalBindable.Type)
    }
    defaultText = declaration.defaultValue.flatMap { value in
      if let word = value.asString, type.choices.contains(word) { return word }
      return value.isNone ? nil : Show.inline(value)
    }
    self.store = store
  }

  /// Takes a value.
  ///
  /// - Throws: `LangError` that names the option, what it takes and what it got.
  func bind(_ value: Value) throws(LangError) {
    guard store(value) else { throw mismatch(value) }
    guard let limits, let outside = firstOutside(value) else { return }
    throw LangError(
      "`\(name)` must be \(limits.description), not \(NumberFormat.short(outside))",
      argument: name)
  }

  private func firstOutside(_ value: Value) -> Double? {
    guard let limits else { return nil }
    if case .number(let number) = value { return limits.contains(number) ? nil : number }
    guard case .list(let items) = value else { return nil }
    return items.lazy.compactMap(firstOutside).first
  }

  private func mismatch(_ value: Value) -> LangError {
    var hint: String?
    if let text = value.asString, let near = NearestName.of(text, among: choices) {
      hint = "did you mean `\(near)`?"
    }
    if let text = value.asString, text.contains("."),
      ["an image", "trained model"].contains(where: typeName.contains)
    {
      hint = "`load \(Show.quoted(text))` reads a file"
    }
    if value.asStoredImage != nil, typeName == Image.typeName {
      hint = "it does not fit in memory as a whole; take a part of it: vol[z=0:64]"
    }
    return LangError(
      "`\(name)` takes \(typeName), not \(Show.brief(value))", hint: hint, argument: name)
  }
}
