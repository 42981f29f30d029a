/// Something to call: a user's `def` or `fn`, a block, a function of the language, a command.
public final class Function {
  public typealias Body = (_ arguments: [Value], _ named: Record) throws -> Value

  /// What it was declared as; nil for `fn(x) = …` and blocks.
  public let name: String?
  /// Names of the parameters, for help and hints.
  public let parameters: [String]
  let implementation: Implementation

  enum Implementation {
    case native(Body)
    case closure(Closure)
    case builtin(Builtin, Runtime)
    case command(CommandSpec, Runtime)
  }

  init(name: String?, parameters: [String], _ implementation: Implementation) {
    self.name = name
    self.parameters = parameters
    self.implementation = implementation
  }

  /// A function that a host supplies, such as the `at` of a table.
  public convenience init(name: String, parameters: [String] = [], body: @escaping Body) {
    self.init(name: name, parameters: parameters, .native(body))
  }

  /// Calls it.
  ///
  /// - Throws: what the body throws; `LangError` where the arguments do not fit.
  public func call(_ arguments: [Value], named: Record = [:]) throws -> Value {
    switch implementation {
    case .native(let body): try body(arguments, named)
    case .closure(let closure): try closure.call(arguments, named: named, function: self)
    case .builtin(let builtin, let runtime):
      try builtin.call(arguments, named: named, runtime: runtime)
    case .command(let spec, let runtime):
      try runtime.runCommand(spec, CommandCall(arguments, named: named))
    }
  }

  public func callAsFunction(_ arguments: Value...) throws -> Value { try call(arguments) }
}

/// The `{ … }` that ends a command: statements to run, as often as the command likes.
public struct Block {
  let function: Function?

  /// False where the command was called without a block.
  public var isGiven: Bool { function != nil }

  /// The block as written; nil where it was not.
  public var text: String? {
    if case .closure(let closure)? = function?.implementation { closure.code.text } else { nil }
  }

  /// Runs the statements in the function that encloses them.
  ///
  /// - Parameters:
  ///   - variables: set before the run; only names that the command takes as other options
  ///     (`sweep p=… { … }`) are known to the block.
  /// - Returns: what a `return` in the block gives, else `none`.
  @discardableResult
  public func run(_ variables: Record = [:]) throws -> Value {
    guard let function else { return .none }
    return try function.call([], named: variables)
  }
}
