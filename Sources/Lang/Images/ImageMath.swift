import TensorEngine

/// The one door through which the language computes on images.
///
/// `Image` computes at once; a node of a graph conforms to trace a user's function. Shapes follow
/// NumPy: operands are broadcast from the last axis. Numbers reach an operation as images of shape
/// `[]` made by `lift`; an eager image of shape `[]` goes back to the user as a number.
public protocol ImageMath {
  var shape: [Int] { get }
  /// One letter an axis, as `Image.axes`.
  var axes: String { get }

  /// An image as a constant of the same world as `self`.
  func lift(_ image: Image) throws -> Self
  func unary(_ function: UnaryFunction) throws -> Self
  /// - Throws: where the shapes do not broadcast; the message names both.
  func binary(_ function: BinaryFunction, _ right: Self) throws -> Self
  /// Over one dimension, which goes away, or over all (`dimension` nil, result of shape `[]`).
  func reduce(_ reduction: Reduction, dimension: Int?) throws -> Self
  /// `yes` where `self` is not 0, else `no`; the three are broadcast.
  func select(_ yes: Self, _ no: Self) throws -> Self
  /// Cuts; `cuts` has one entry for each dimension, checked and without negative indices.
  func slice(_ cuts: [AxisCut]) throws -> Self
}

/// Functions of one image, element by element. The raw value is the language's name.
public enum UnaryFunction: String, CaseIterable, Sendable {
  case negate, not, abs, sqrt, exp, log, log10, sin, cos, tan, floor, ceil, round, sign
}

/// Functions of two images, element by element. The raw value is how the language writes them.
public enum BinaryFunction: String, CaseIterable, Sendable {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  /// Remainder with the sign of the right side.
  case modulo = "mod"
  case power = "^"
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case equal = "=="
  case notEqual = "!="
  case and, or
  case minimum = "min"
  case maximum = "max"

  /// Whether the result is 0 or 1.
  public var isLogical: Bool {
    switch self {
    case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual, .and, .or: true
    default: false
    }
  }
}

/// Functions that take an axis, or everything, to one number. `std` divides by the count.
public enum Reduction: String, CaseIterable, Sendable {
  case sum, mean, min, max, std, median
}

/// What is kept of one dimension; indices count from zero and are inside the dimension.
public enum AxisCut: Equatable, Sendable {
  /// One index; the dimension goes away.
  case at(Int)
  /// `count` indices from `start`, every `step`-th; `step` may be negative, not zero.
  case range(start: Int, count: Int, step: Int)
  /// The listed indices.
  case pick([Int])
}
