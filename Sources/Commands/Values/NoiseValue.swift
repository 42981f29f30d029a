import Denoise
import Lang

/// A kind of noise as the language holds it.
struct NoiseValue: HostObject, Bindable {
  static let typeName = "a kind of noise"
  let noise: any Noise

  var kind: String { "noise" }
  var display: String { noise.description }
}
