import Denoise
import Lang
import TensorEngine

struct MethodCommand: Command {
  static let name = "method"
  static let summary = "prints the `train` line that a method stands for, or lists the methods"
  static let details = """
    The line says all that the method is; run as it stands it trains the same network, byte for byte. \
    Some options follow from the data: name it, and its `target` where it has one, or give its `dim`, \
    `channels` and `size`.
    """
  static let group = "Training"
  static let examples = [
    Example("method"), Example("method n2v"), Example("method s2s noisy"),
    Example("method n2n dim=3 size=64"), Example("method auto noisy target=other"),
  ]

  @Argument("method") var method: MethodName?
  @Argument("data that the line is for") var data: DataArgument?
  @Option("the other exposure of the data") var target: DataArgument?
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
    let options = try method.options(subject)
    var words = ["train", context.given["data"]?.first ?? "noisy"]
    switch options.target {
    case .pair: words.append("target=\(context.given["target"]?.first ?? "other")")
    case .clean: words.append("target=truth")
    case .itself, .diagonals: break
    }
    words += options.listed.filter { !["seed", "method"].contains($0.name) }
      .map { "\($0.name)=\($0.value)" }
    context.print(words.joined(separator: " "))
    return .none
  }

  private var subject: Method.Subject {
    get throws {
      if let data {
        let targets = try target?.sources(limit: nil)
        return .init(try TrainingData(images: data.sources(limit: nil), targets: targets))
      }
      return .init(
        dimensions: dim, channels: channels, space: Array(repeating: size, count: dim), samples: 1)
    }
  }
}
