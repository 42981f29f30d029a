import Denoise
import Lang
import TensorEngine

struct ConvCommand: Command {
  static let name = "conv"
  static let summary = "a convolution: as a layer of `chain`, or of an image with a kernel"
  static let details = """
    `conv(32, 3)` is a layer of 32 filters of side 3 that keeps the size. `conv(image, kernel)` \
    convolves the image's space with the kernel, an image or lists of numbers, zeros around it; the \
    shape stays, and a user's loss may use it.
    """
  static let role = CommandRole.value
  static let group = "Layers"
  static let examples = [
    Example("model = chain(conv(16, 3), relu, conv(16, 3), relu)"),
    Example("conv([1, 2, 3, 4], [1, 1])"),
    Example("edges = conv(noisy, [[0, 1, 0], [1, -4, 1], [0, 1, 0]])"),
  ]

  @Argument("filters of a layer, or the image to convolve") var x: Value = 32
  @Argument("side of a layer's kernel, odd, or the kernel of an image") var kernel: Value = 3

  func run(in context: Context) throws -> Value {
    guard case .number = x else { return try Convolving.value(x, kernel) }
    return .host(
      LayerValue(
        link: .conv(
          filters: try number(x, "x", 1...4096), kernel: try number(kernel, "kernel", 1...31))))
  }

  private func number(_ value: Value, _ name: String, _ limits: ClosedRange<Int>) throws -> Int {
    guard let number = value.asInt, limits.contains(number) else {
      throw LangError(
        "`\(name)` of a layer is a whole number from \(limits.lowerBound) to "
          + "\(limits.upperBound), not \(Show.brief(value))",
        hint: "conv(filters, side), such as conv(32, 3)", argument: name)
    }
    return number
  }
}
