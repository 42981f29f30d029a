// Arithmetic at the prompt: the ops of the training graph, on tensors at hand. All broadcast as
// NumPy does and throw `TensorError` naming both shapes where they do not fit.
extension Tensor {
  public static func / (a: Tensor, b: Tensor) throws -> Tensor { try Divide()([a, b]) }
  public static prefix func - (a: Tensor) throws -> Tensor { try Negate()([a]) }

  public func power(_ exponent: Tensor) throws -> Tensor { try Power()([self, exponent]) }
  /// The remainder, with the sign of the right side.
  public func modulo(_ other: Tensor) throws -> Tensor { try Modulo()([self, other]) }
  public func maximum(_ other: Tensor) throws -> Tensor { try Maximum()([self, other]) }
  public func minimum(_ other: Tensor) throws -> Tensor { try Minimum()([self, other]) }

  /// 1 where the comparison holds, 0 elsewhere.
  public func compare(_ comparison: Comparison, _ other: Tensor) throws -> Tensor {
    try Compare(comparison: comparison)([self, other])
  }

  /// With this as the condition: `a` where it is not zero, `b` elsewhere.
  public func select(_ a: Tensor, _ b: Tensor) throws -> Tensor { try Select()([self, a, b]) }

  public func abs() throws -> Tensor { try Absolute()([self]) }
  public func sqrt() throws -> Tensor { try SquareRoot()([self]) }
  public func exp() throws -> Tensor { try Exponential()([self]) }
  public func log() throws -> Tensor { try Logarithm()([self]) }
  public func sin() throws -> Tensor { try Sine()([self]) }
  public func cos() throws -> Tensor { try Cosine()([self]) }
  public func tan() throws -> Tensor { try Tangent()([self]) }
  public func floor() throws -> Tensor { try Floor()([self]) }
  public func ceiling() throws -> Tensor { try Ceiling()([self]) }
  /// To the nearest whole number, halves to even.
  public func round() throws -> Tensor { try Round()([self]) }
  public func sign() throws -> Tensor { try Sign()([self]) }
  /// 1 where zero, 0 elsewhere.
  public func not() throws -> Tensor { try Not()([self]) }

  /// Every `steps`-th element from `starts`, `target` of them along each axis; steps may be
  /// negative.
  ///
  /// - Throws: `TensorError` where the region reaches outside.
  public func sliced(starts: [Int], steps: [Int], target: [Int]) throws -> Tensor {
    try Slice(starts: starts, steps: steps, target: target)([self])
  }
}
