import Lang
import TensorEngine

// The settings of a session: all at once, and one by one.

struct SetCommand: Command {
  static let name = "set"
  static let summary = "changes the settings of the session, or shows them"
  static let details = """
    Results do not depend on the number of threads. With a `ledger` every training is kept in a \
    folder there (see `runs`); `ledger=none` ends that.
    """
  static let group = "Desk"
  static let examples = [Example("set threads=2 seed=1"), Example("set")]

  @Option("threads that compute", in: 1...1024) var threads: Int?
  @Option("what every random draw derives from", in: 0...) var seed: Int?
  @Option("folder in which every training is kept, or none") var ledger: Value?

  func run(in context: Context) throws -> Value {
    if let threads { Parallel.threads = threads }
    if let seed { context.seed = UInt64(seed) }
    if context.given["ledger"] != nil { try setLedger(context) }
    guard threads == nil, seed == nil, context.given["ledger"] == nil else { return .none }
    return .record([
      "threads": .int(Parallel.threads), "cores": .int(Parallel.cores),
      "seed": .number(Double(context.seed)),
      "ledger": context.ledger.folder.map(Value.string) ?? .none,
    ])
  }

  private func setLedger(_ context: Context) throws {
    let value = ledger ?? .none
    guard value.isNone || value.asString?.isEmpty == false else {
      throw LangError(
        "`ledger` takes a folder's name or none, not \(Show.brief(value))", argument: "ledger")
    }
    context.ledger.folder = value.asString
  }
}

struct SeedCommand: Command {
  static let name = "seed"
  static let summary = "sets what every random draw derives from, or shows it"
  static let group = "Desk"
  static let examples = [Example("seed 1"), Example("seed")]

  @Argument("whole number from 0", in: 0...) var number: Int?

  func run(in context: Context) throws -> Value {
    guard let number else { return .number(Double(context.seed)) }
    context.seed = UInt64(number)
    return .none
  }
}

struct ThreadsCommand: Command {
  static let name = "threads"
  static let summary = "sets how many threads compute, or shows it"
  static let group = "Desk"
  static let examples = [Example("threads 2"), Example("threads")]

  @Argument("threads", in: 1...1024) var count: Int?

  func run(in context: Context) throws -> Value {
    guard let count else { return .int(Parallel.threads) }
    Parallel.threads = count
    return .none
  }
}
