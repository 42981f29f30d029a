import Denoise
import Lang

struct MethodCommand: Command {
  static let name = "method"
  static let summary = "prints the `train` line that a method stands for, or lists the methods"
  static let group = "Training"
  static let examples = [Example("method"), Example("method n2v")]

  @Argument("method") var method: MethodName?
  @Option("axes of the data", in: 1...3) var dim = 2
  @Option("channels of the data", in: 1...) var channels = 1
  @Option("smallest side of the data", in: 1...) var size = 256

  func run(in context: Context) throws -> Value {
    guard let method = method?.method else {
      var table = Table(["method", "what it does", "source"])
      for method in Method.all {
        table.append([
          "method": .string(method.name), "what it does": .string(method.summary),
          "source": .string(method.source),
        ])
      }
      return .table(table)
    }
    let options = try method.options(
      .init(
        dimensions: dim, channels: channels, space: Array(repeating: size, count: dim),
        samples: 1))
    let words = options.listed.filter { !["seed"].contains($0.name) }
      .map { "\($0.name)=\($0.value)" }
    context.print("train noisy " + words.joined(separator: " "))
    return .none
  }
}
