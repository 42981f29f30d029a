import Lang

struct TimeCommand: Command {
  static let name = "time"
  static let summary = "wall time of a block or of an expression, in seconds"
  static let group = "Desk"
  static let examples = [
    Example("time { clean2 = denoise noisy median_filter(1) }"),
    Example("seconds = time (lowpass noisy 0.1)"),
  ]

  @Argument("expression whose value took the time; a function is called") var value: Value?
  @TrailingBlock("statements to time", required: false) var body: Block

  func run(in context: Context) throws -> Value {
    guard body.isGiven || context.given["value"] != nil else {
      throw LangError(
        "`time` needs something to do", hint: "time { … } or time (predict net noisy)")
    }
    // A value has been computed already: its time began with the call.
    if let function = value?.asFunction { _ = try function() }
    try body.run()
    return .number(context.started.duration(to: .now).seconds)
  }
}
