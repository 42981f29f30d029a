import Denoise
import Lang
import TensorEngine

/// A user's `def f(pred, target, mask)` as a term of a loss: it is called once, with images that
/// have no numbers yet, and what it computes becomes part of the training step.
struct FunctionLoss: LossTerm {
  let function: Function

  var description: String { function.name ?? "fn" }

  func value(prediction: Node, target: Node, hidden: Node) throws -> Node {
    let result = try function(
      .traced(TracedImage(batch: prediction)), .traced(TracedImage(batch: target)),
      .traced(TracedImage(batch: hidden)))
    switch result {
    case .traced(let image):
      guard let traced = image as? TracedImage else { break }
      return traced.node
    case .number:
      throw LangError(
        "the loss `\(description)` gives a number that does not depend on the prediction",
        hint: "compute it from `\(function.parameters.first ?? "pred")`")
    default: break
    }
    throw LangError(
      "the loss `\(description)` gives \(result.kindWithArticle), not one number",
      hint: "end it in a `mean` or `sum` over the image")
  }
}
