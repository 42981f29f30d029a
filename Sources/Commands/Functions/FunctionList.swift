import Lang
import TensorEngine

extension CommandList {
  /// Plain functions beside those of the language, which need the engine.
  public static var functions: [Builtin] {
    [ConvolutionFunction.builtin, GradientFunction.builtin] + FourierFunctions.all
  }
}

/// Arguments that functions take as images.
enum ImageArgument {
  /// An image, or the image that a list of numbers (or of lists) makes.
  ///
  /// - Throws: `LangError` where it is neither.
  static func image(_ call: BuiltinCall, _ index: Int) throws -> Image {
    if let image = call[index].asImage { return image }
    guard let image = try NestedNumbers.image(call[index]) else {
      throw call.mismatch(index, "an image or a list of numbers")
    }
    return image
  }
}
