import Denoise
import Lang
import TensorEngine

// Optimisers, schedules and stops as commands.

protocol OptimizerCommand: Command {
  static var rule: Optimizer.Rule { get }
}

extension OptimizerCommand {
  static var name: String { rule.rawValue }
  static var role: CommandRole { .value }
  static var group: String { "Optimisers" }
}

struct AdamCommand: OptimizerCommand {
  static let rule = Optimizer.Rule.adam
  static let summary = "Adam (Kingma and Ba 2015)"
  @Option("decay of the gradient's mean", in: 0..<1) var beta1: Double = 0.9
  @Option("decay of its squares' mean", in: 0..<1) var beta2: Double = 0.999
  @Option("added to the root of that mean", in: 0...1) var epsilon: Double = 1e-8
  @Option("share added to the gradient", in: 0...) var weightDecay: Double = 0
  func run(in context: Context) throws -> Value {
    .host(
      OptimizerValue(
        optimizer: Optimizer(
          Self.rule, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay)))
  }
}

struct AdamWCommand: OptimizerCommand {
  static let rule = Optimizer.Rule.adamw
  static let summary = "Adam with decoupled weight decay (Loshchilov and Hutter 2019)"
  @Option("decay of the gradient's mean", in: 0..<1) var beta1: Double = 0.9
  @Option("decay of its squares' mean", in: 0..<1) var beta2: Double = 0.999
  @Option("added to the root of that mean", in: 0...1) var epsilon: Double = 1e-8
  @Option("share of a parameter taken off a step, times lr", in: 0...) var weightDecay: Double =
    0.01
  func run(in context: Context) throws -> Value {
    .host(
      OptimizerValue(
        optimizer: Optimizer(
          Self.rule, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay)))
  }
}

struct RAdamCommand: OptimizerCommand {
  static let rule = Optimizer.Rule.radam
  static let summary = "rectified Adam (Liu et al. 2020)"
  @Option("decay of the gradient's mean", in: 0..<1) var beta1: Double = 0.9
  @Option("decay of its squares' mean", in: 0..<1) var beta2: Double = 0.999
  @Option("added to the root of that mean", in: 0...1) var epsilon: Double = 1e-8
  @Option("share added to the gradient", in: 0...) var weightDecay: Double = 0
  func run(in context: Context) throws -> Value {
    .host(
      OptimizerValue(
        optimizer: Optimizer(
          Self.rule, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay)))
  }
}

struct SGDCommand: OptimizerCommand {
  static let rule = Optimizer.Rule.sgd
  static let summary = "stochastic gradient descent with momentum"
  @Option("momentum", in: 0..<1) var momentum: Double = 0.9
  @Option("share added to the gradient", in: 0...) var weightDecay: Double = 0
  func run(in context: Context) throws -> Value {
    .host(
      OptimizerValue(optimizer: Optimizer(Self.rule, beta1: momentum, weightDecay: weightDecay)))
  }
}
