import Lang

struct AssertCommand: Command {
  static let name = "assert"
  static let summary = "ends the script with an error where a condition does not hold"
  static let details = "What a script claims it can so check each time it runs."
  static let group = "Desk"
  static let examples = [Example("assert noisy.std > 0 \"the picture is empty\"")]

  @Argument("what must be true") var condition: Bool
  @Argument("what to say where it is not") var message: String?

  func run(in context: Context) throws -> Value {
    guard condition else {
      let text = context.given["condition"]?.first ?? "the condition"
      throw LangError(
        message ?? "`\(text)` does not hold", argument: "condition")
    }
    return .none
  }
}
