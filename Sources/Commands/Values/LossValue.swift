import Denoise
import Lang

/// A loss as the language holds it: terms add, numbers weigh, a user's function is a term.
struct LossValue: HostObject, Bindable {
  static let typeName = "a loss or a function of (pred, target, mask)"
  let loss: Loss

  init(_ loss: Loss) { self.loss = loss }
  init(_ term: any LossTerm) { loss = Loss(term) }

  var kind: String { "loss" }
  var display: String { loss.description }

  static func bind(_ value: Value) -> LossValue? {
    switch value {
    case .host(let object): object as? LossValue
    case .function(let function): LossValue(FunctionLoss(function: function))
    default: nil
    }
  }

  func combined(
    _ operation: BinaryFunction, with other: Value, isLeft: Bool
  ) throws -> Value? {
    switch (operation, other) {
    case (.multiply, .number(let weight)): return .host(LossValue(weight * loss))
    case (.divide, .number(let divisor)) where isLeft && divisor != 0:
      return .host(LossValue(1 / divisor * loss))
    case (.add, _), (.subtract, _):
      guard let term = LossValue.bind(other) else { return nil }
      let (left, right) = isLeft ? (loss, term.loss) : (term.loss, loss)
      return .host(LossValue(left + (operation == .add ? 1 : -1) * right))
    default: return nil
    }
  }
}
