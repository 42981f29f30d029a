import Denoise
import Lang
import TensorEngine

/// An optimiser as the language holds it.
struct OptimizerValue: HostObject, Bindable {
  static let typeName = "an optimiser"
  let optimizer: Optimizer

  var kind: String { "optimizer" }
  var display: String { optimizer.description }
}

/// A schedule of the learning rate as the language holds it.
struct ScheduleValue: HostObject, Bindable {
  static let typeName = "a schedule"
  let schedule: Schedule

  var kind: String { "schedule" }
  var display: String { schedule.description }
}

/// A rule for stopping early as the language holds it.
struct StopValue: HostObject, Bindable {
  static let typeName = "a rule for stopping, such as `early_stop()`"
  let stop: EarlyStop

  var kind: String { "stop" }
  var display: String { stop.description }
}
