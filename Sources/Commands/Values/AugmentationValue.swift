import Denoise
import Lang

/// An augmentation as the language holds it; they add up.
struct AugmentationValue: HostObject, Bindable {
  static let typeName = "an augmentation"
  let augmentation: Augmentation

  var kind: String { "augmentation" }
  var display: String { augmentation.description }

  func combined(
    _ operation: BinaryFunction, with other: Value, isLeft: Bool
  ) throws -> Value? {
    guard operation == .add, let other = AugmentationValue.bind(other) else { return nil }
    let (a, b) = isLeft ? (self, other) : (other, self)
    return .host(AugmentationValue(augmentation: a.augmentation + b.augmentation))
  }
}
