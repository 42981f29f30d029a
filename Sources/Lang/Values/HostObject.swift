/// A value that the language itself knows nothing of: a mask, a loss, a model, a noise kind.
///
/// Conform to `Bindable` as well, with a `typeName`, to take such objects as options of commands.
public protocol HostObject {
  /// What it is, in a word or two: `mask`, `trained model`.
  var kind: String { get }
  /// What naming it shows; may have several lines.
  var display: String { get }
  /// One line, for lists, records and help; by default the first line of `display`.
  var inline: String { get }
  /// Names of the fields that `field` knows, for completion and hints.
  var fieldNames: [String] { get }
  /// The value of a field, or nil where there is none of that name.
  func field(_ name: String) throws -> Value?
  /// The object on one side of an operator: `mse + 1e-3 * tv`.
  ///
  /// - Parameters:
  ///   - isLeft: whether the object stands on the left of the operator.
  /// - Returns: nil where the operator means nothing for the two.
  func combined(_ operation: BinaryFunction, with other: Value, isLeft: Bool) throws -> Value?
  /// The object called as a function, or nil where it cannot be.
  func called(_ arguments: [Value], named: Record) throws -> Value?
}

extension HostObject {
  public var inline: String { display.split(separator: "\n").first.map(String.init) ?? kind }
  public var fieldNames: [String] { [] }
  public func field(_ name: String) throws -> Value? { nil }
  public func combined(
    _ operation: BinaryFunction, with other: Value, isLeft: Bool
  ) throws -> Value? { nil }
  public func called(_ arguments: [Value], named: Record) throws -> Value? { nil }
}
