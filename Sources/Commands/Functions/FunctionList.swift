import Lang
import TensorEngine

extension CommandList {
  /// Plain functions beside those of the language, which need the engine.
  public static var functions: [Builtin] {
    [GradientFunction.builtin] + FourierFunctions.all
  }
}

/// Arguments that functions take as images.
enum ImageArgument {
  /// An image, or the image that a list of numbers (or of lists) makes.
  ///
  /// - Throws: `LangError` where it is neither.
  static func image(_ value: Value, _ function: String) throws -> Image {
    if let image = value.asImage { return image }
    guard let image = try NestedNumbers.image(value) else {
      throw LangError(
        "`\(function)` takes an image or a list of numbers, not \(Show.brief(value))")
    }
    return image
  }
}
