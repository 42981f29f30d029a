import Denoise
import Lang

/// A mask as the language holds it.
struct MaskValue: HostObject, Bindable {
  static let typeName = "a mask"
  let mask: any Mask

  var kind: String { "mask" }
  var display: String { mask.description }
}
