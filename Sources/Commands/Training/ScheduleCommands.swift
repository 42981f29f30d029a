import Denoise
import Lang

protocol ScheduleCommand: Command {
  var schedule: Schedule { get }
}

extension ScheduleCommand {
  static var role: CommandRole { .value }
  static var group: String { "Schedules" }
  func run(in context: Context) throws -> Value { .host(ScheduleValue(schedule: schedule)) }
}

struct ConstantCommand: ScheduleCommand {
  static let name = "constant"
  static let summary = "the learning rate stays"
  var schedule: Schedule { .constant }
}

struct PlateauCommand: ScheduleCommand {
  static let name = "plateau"
  static let summary = "lower when the validation loss does not fall any more"
  @Option("epochs to wait", in: 1...) var patience = 10
  @Option("factor", in: 0...1) var factor: Double = 0.5
  var schedule: Schedule { .plateau(patience: patience, factor: factor) }
}

struct CosineCommand: ScheduleCommand {
  static let name = "cosine"
  static let summary = "half a cosine down to zero over the run"
  var schedule: Schedule { .cosine }
}

struct StepCommand: ScheduleCommand {
  static let name = "step"
  static let summary = "lower every so many epochs"
  @Option("epochs between", in: 1...) var every = 30
  @Option("factor", in: 0...1) var factor: Double = 0.5
  var schedule: Schedule { .step(every: every, factor: factor) }
}

struct WarmupCommand: ScheduleCommand {
  static let name = "warmup"
  static let summary = "rises over the first steps, then another schedule"
  @Option("steps", in: 1...) var steps = 20
  @Option("what follows") var then = ScheduleValue(schedule: .constant)
  var schedule: Schedule { .warmup(steps: steps, then: then.schedule) }
}

struct EarlyStopCommand: Command {
  static let name = "early_stop"
  static let summary = "stops when the validation loss does not fall any more"
  static let role = CommandRole.value
  static let group = "Schedules"
  @Option("epochs to wait", in: 1...) var patience = 10
  @Option("a fall smaller than this counts as none", in: 0...) var minDelta: Double = 1e-5

  func run(in context: Context) throws -> Value {
    .host(StopValue(stop: EarlyStop(patience: patience, minDelta: minDelta)))
  }
}
