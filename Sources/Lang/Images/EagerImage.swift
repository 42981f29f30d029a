import TensorEngine

/// Images compute at once. The result keeps the description of the operand whose axes it has.
extension Image: ImageMath {
  /// A number as an image of shape `[]`.
  public init(scalar: Double) throws { try self.init(Tensor(scalar: Float(scalar)), axes: "") }

  public func lift(_ image: Image) throws -> Image { image }

  public func unary(_ function: UnaryFunction) throws -> Image {
    let result =
      switch function {
      case .negate: try -tensor
      case .not: try tensor.not()
      case .abs: try tensor.abs()
      case .sqrt: try tensor.sqrt()
      case .exp: try tensor.exp()
      case .log: try tensor.log()
      case .log10: try tensor.log() * Float(0.434_294_481_903_251_8)
      case .sin: try tensor.sin()
      case .cos: try tensor.cos()
      case .tan: try tensor.tan()
      case .floor: try tensor.floor()
      case .ceil: try tensor.ceiling()
      case .round: try tensor.round()
      case .sign: try tensor.sign()
      }
    return try described(result, by: [self])
  }

  public func binary(_ function: BinaryFunction, _ right: Image) throws -> Image {
    let (a, b) = (tensor, right.tensor)
    let result =
      switch function {
      case .add: try a + b
      case .subtract: try a - b
      case .multiply: try a * b
      case .divide: try a / b
      case .modulo: try a.modulo(b)
      case .power: try a.power(b)
      case .less: try a.compare(.less, b)
      case .lessOrEqual: try a.compare(.lessEqual, b)
      case .greater: try a.compare(.greater, b)
      case .greaterOrEqual: try a.compare(.greaterEqual, b)
      case .equal: try a.compare(.equal, b)
      case .notEqual: try a.compare(.notEqual, b)
      case .and: try a.not().maximum(b.not()).not()
      case .or: try a.not().minimum(b.not()).not()
      case .minimum: try a.minimum(b)
      case .maximum: try a.maximum(b)
      }
    return try described(result, by: [self, right], isLogical: function.isLogical)
  }

  public func reduce(_ reduction: Reduction, dimension: Int?) throws -> Image {
    guard let dimension else {
      let number = try ImageReduction.total(reduction, of: tensor.values)
      return try Image(scalar: number)
    }
    let result = try ImageReduction.along(dimension, reduction, of: tensor)
    return try dropping([dimension], around: result)
  }

  public func select(_ yes: Image, _ no: Image) throws -> Image {
    try described(tensor.select(yes.tensor, no.tensor), by: [self, yes, no])
  }

  /// The description of the first image whose shape the result has, or else of one with as many
  /// axes; a computed image is stored as `float32`, a comparison as `uint8`.
  private func described(_ result: Tensor, by images: [Image], isLogical: Bool = false) throws
    -> Image
  {
    let model =
      images.first { $0.shape == result.shape } ?? images.first { $0.tensor.rank == result.rank }
    var copy = model ?? self
    copy.tensor = result
    copy.stored = isLogical ? .uint8 : .float32
    return copy
  }
}
