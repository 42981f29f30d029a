import Denoise
import Lang

/// A link of a `chain` as the language holds it.
struct LayerValue: HostObject, Bindable {
  static let typeName = "a layer, such as `conv(32, 3)` or `relu`"
  let link: Chain.Link

  var kind: String { "layer" }
  var display: String { link.text }
}
