import Lang
import TensorEngine

/// A few commands in the manner of the real ones.
enum TestCommands {
  static let all: [any Command.Type] = [
    Grid.self, MSE.self, TV.self, Train.self, PSNR.self, Keep.self, Sweep.self, Timed.self,
    Help.self, Leave.self, Stop.self, Stack.self, Labels.self,
  ]
}

enum Fill: String, Choice { case zero, mean, median }
enum MethodName: String, Choice { case n2v, n2s, s2s, auto }

struct MaskObject: HostObject, Bindable {
  static let typeName = "a mask"
  let width: Int
  let fill: Fill
  var kind: String { "mask" }
  var display: String { "grid(width=\(width), fill=\(fill.rawValue))" }
  var fieldNames: [String] { ["width"] }
  func field(_ name: String) throws -> Value? { name == "width" ? .int(width) : nil }
}

struct Grid: Command {
  static let name = "grid"
  static let summary = "hides one pixel of each cell"
  static let role = CommandRole.value
  static let group = "Masks"
  static let examples = [Example("grid(width=4)", "every fourth")]
  @Argument("side of a cell", in: 1...) var width: Int = 4
  @Option("what hidden pixels become") var fill: Fill = .zero
  func run(in context: Context) throws -> Value { .host(MaskObject(width: width, fill: fill)) }
}

struct LossObject: HostObject, Bindable {
  static let typeName = "a loss"
  let display: String
  var kind: String { "loss" }
  func combined(_ operation: BinaryFunction, with other: Value, isLeft: Bool) throws -> Value? {
    switch (operation, other) {
    case (.add, .host(let other as LossObject)) where isLeft:
      .host(LossObject(display: "\(display) + \(other.display)"))
    case (.multiply, .number(let weight)): .host(LossObject(display: "\(weight) * \(display)"))
    default: nil
    }
  }
  func called(_ arguments: [Value], named: Record) throws -> Value? { .int(arguments.count) }
}

struct MSE: Command {
  static let name = "mse"
  static let summary = "mean squared error"
  static let role = CommandRole.value
  func run(in context: Context) throws -> Value { .host(LossObject(display: "mse")) }
}

struct TV: Command {
  static let name = "tv"
  static let summary = "total variation"
  static let role = CommandRole.value
  func run(in context: Context) throws -> Value { .host(LossObject(display: "tv")) }
}

struct Train: Command {
  static let name = "train"
  static let summary = "trains a network"
  static let group = "Training"
  @Argument("what to train on") var data: Image
  @Option("the method") var method: MethodName = .auto
  @Option("passes over the data", in: 1...) var epochs: Int = 100
  @Option("step size", in: 0...1) var lr: Double = 4e-4
  @Option("what hides pixels") var mask: MaskObject?
  @Option("what is minimised") var loss: LossObject?
  @Option("side, or sides", in: 0...) var patch: Either<Int, [Int]> = .first(64)
  @Option("fills of each axis") var fills: [Fill] = []
  @Option("whether channels have masks of their own") var perChannel: Bool = true
  @Option("options as a record") var with: Record = [:]
  func run(in context: Context) throws -> Value {
    try context.merge(with)
    if epochs == 13 { throw LangError("13 passes bring bad luck", argument: "epochs") }
    let sides = if case .second(let sides) = patch { "\(sides)" } else { "" }
    let fill = fills.map(\.rawValue).joined(separator: "+")
    return .string(
      "\(method.rawValue) \(epochs) \(lr) \(mask?.display ?? "-") \(loss?.display ?? "-") "
        + "\(sides)\(fill)\(perChannel ? "" : "shared")")
  }
}

struct PSNR: Command {
  static let name = "psnr"
  static let summary = "peak signal-to-noise ratio, in dB"
  @Argument("image to judge") var image: Image
  @Argument("the truth") var truth: Image
  @Option("largest value", in: 0...) var peak: Double = 255
  func run(in context: Context) throws -> Value { .number(Double(image.tensor.count) + peak) }
}

final class Keeper {
  var row = Record()
}

struct Keep: Command {
  static let name = "record"
  static let summary = "keeps values of a sweep"
  @OtherOptions("what to keep") var kept: Record
  func run(in context: Context) throws -> Value {
    let keeper = context.state { Keeper() }
    keeper.row = keeper.row.merging(kept)
    return .none
  }
}

struct Sweep: Command {
  static let name = "sweep"
  static let summary = "runs a block for every value"
  @OtherOptions("values to try") var axes: Record
  @TrailingBlock("what to run") var body: Block
  func run(in context: Context) throws -> Value {
    let keeper = context.state { Keeper() }
    guard let axis = axes.fields.first else { throw LangError("`sweep` needs an axis") }
    var rows: [Record] = []
    for value in axis.value.asList ?? [] {
      keeper.row = [axis.name: value]
      try body.run([axis.name: value])
      rows.append(keeper.row)
    }
    return .table(Table(rows: rows))
  }
}

struct Timed: Command {
  static let name = "time"
  static let summary = "runs a block"
  @TrailingBlock("what is timed") var body: Block
  func run(in context: Context) throws -> Value { try body.run() }
}

struct Help: Command {
  static let name = "help"
  static let summary = "tells what there is"
  @Argument("command or function") var name: Word?
  func run(in context: Context) throws -> Value {
    context.print(name?.text ?? "everything")
    return .none
  }
}

struct Leave: Command {
  static let name = "quit"
  static let summary = "leaves"
  @Argument("exit status") var status: Int = 0
  func run(in context: Context) throws -> Value { throw Quit(status: Int32(clamping: status)) }
}

struct Stop: Command {
  static let name = "stop"
  static let summary = "acts as Ctrl-C does"
  func run(in context: Context) throws -> Value { throw Interrupted() }
}

struct Stack: Command {
  static let name = "stack"
  static let summary = "counts images"
  @Rest("images", atLeast: 2) var images: [Image]
  func run(in context: Context) throws -> Value { .int(images.count) }
}

struct Labels: Command {
  static let name = "labels"
  static let summary = "gives the arguments as they were written"
  @Rest("values") var values: [Value]
  @Option("a title") var title: String = ""
  func run(in context: Context) throws -> Value {
    .list((context.given["values"] ?? []).map(Value.string))
  }
}
