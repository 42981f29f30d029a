import Denoise
import Lang

/// What follows a convolution: `relu`, `sigmoid`, `tanh`, `none`, `leaky(0.1)`.
struct ActivationValue: Bindable {
  static let typeName = "one of relu, leaky, sigmoid, tanh, none, or `leaky(slope)`"
  static let choices = ["relu", "leaky", "sigmoid", "tanh", "none"]
  let activation: Activation

  init(_ activation: Activation) { self.activation = activation }

  static func bind(_ value: Value) -> ActivationValue? {
    if case .host(let object) = value, let layer = object as? LayerValue,
      case .activation(let activation) = layer.link
    {
      return ActivationValue(activation)
    }
    switch value.asString {
    case "relu": return ActivationValue(.relu)
    case "leaky": return ActivationValue(.leaky(0.1))
    case "sigmoid": return ActivationValue(.sigmoid)
    case "tanh": return ActivationValue(.tanh)
    case "none": return ActivationValue(.none)
    default: return value.isNone ? ActivationValue(.none) : nil
    }
  }

  var value: Value { .string(activation.text) }
}
