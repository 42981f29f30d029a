import Denoise
import Formats
import Graphics
import Lang
import TensorEngine

// The engine's fixed sets of words as choices of options.

extension TrainingOptions.Keep: Choice {}
extension PredictionOptions.Mode: Choice {}
extension PixelMask.Manipulation: Choice {}
extension BlindSpotMask.Shape: Choice {}
extension Fill: Choice {}
extension Precision: Choice {
  /// The precision asked for, or float32, with a note, where the processor would emulate it.
  static func inUse(_ asked: Precision, _ context: Context) -> Precision {
    guard asked == .bf16, !Precision.hasFastBF16 else { return asked }
    context.note("this processor does not multiply bfloat16 numbers; float32 is used")
    return .f32
  }
}
extension Pooling: Choice {}
extension Upsampling: Choice {}
extension Normalizing: Choice {}
extension Skips: Choice {}
extension StoredType: Choice {}
extension SaveOptions.Compression: Choice {}

/// A method's name.
struct MethodName: Bindable {
  static let typeName = "one of " + Method.all.map(\.name).joined(separator: ", ")
  static let choices = Method.all.map(\.name)
  let method: Method

  static func bind(_ value: Value) -> MethodName? {
    value.asString.flatMap { Method.named($0) }.map(MethodName.init)
  }
  var value: Value { .string(method.name) }
}

/// `normalize=`.
enum NormalizeChoice: String, Choice {
  case meanstd, minmax, percentile, none, voxel

  var normalization: Normalization {
    switch self {
    case .meanstd: .meanstd
    case .minmax: .minmax
    case .percentile: .percentile(low: 1, high: 99.8)
    case .voxel: .voxel
    case .none: .none
    }
  }
}

/// The axis letters of space.
enum SpaceAxis: String, Choice {
  case z, y, x

  var letter: Character { Character(rawValue.uppercased()) }
}

/// Where a value has a single word beside its type: `lr=last`.
enum LastWord: String, Choice { case last }
