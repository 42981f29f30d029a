import Lang
import TensorEngine

/// `grad(f, x)`: the gradient of a user's function.
enum GradientFunction {
  static var builtin: Builtin {
    Builtin(
      "grad", "f x", group: "Images",
      "gradient of a function that gives one number, with respect to an image or a number",
      examples: [
        Example("grad(fn(x) = x^2, 3)"),
        Example("slope = grad(fn(x) = mean((x - clean)^2), noisy)"),
      ]
    ) { call in
      let function = try call.function(0)
      if case .traced = call[1] {
        throw LangError(
          "`grad` inside a function that is differentiated itself is not known",
          hint: "write the derivative out")
      }
      if let number = call[1].asNumber {
        let image = try Image(scalar: number)
        return .number(Double(try gradient(of: function, at: image).tensor.values[0]))
      }
      return .image(try gradient(of: function, at: ImageArgument.image(call[1], call.name)))
    }
  }

  /// The function is called once with an image that has no numbers yet; what it computes is written
  /// down and differentiated backwards.
  private static func gradient(of function: Function, at image: Image) throws -> Image {
    let graph = Graph()
    let input = graph.input("x", shape: image.shape)
    let result = try function(.traced(TracedImage(node: input, axes: image.axes)))
    var copy = image
    copy.stored = .float32
    switch result {
    case .traced(let traced):
      let node = try TracedImage.known(traced).node
      guard node.count == 1 else {
        throw LangError(
          "the function gives an image of \(node.shape.asShape), not one number",
          hint: "end it in `mean` or `sum`")
      }
      let slope = try graph.gradients(of: node, with: [input])
      let values = try graph.evaluate(slope, inputs: [(input, image.tensor.values)])
      copy.tensor = try Tensor(values[0], shape: image.shape)
    case .number:
      // A number that was computed without the image does not change with it.
      copy.tensor = Tensor(repeating: 0, shape: image.shape)
    default:
      throw LangError(
        "the function gives \(result.kindWithArticle), not one number",
        hint: "end it in `mean` or `sum`")
    }
    return copy
  }
}
