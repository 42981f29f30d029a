import Denoise
import Lang

struct ModelCommand: Command {
  static let name = "model"
  static let summary = "shows an architecture, or lists them"
  static let group = "Training"
  static let examples = [Example("model"), Example("model unet(depth=2)")]

  @Argument("architecture") var architecture: ArchitectureValue?

  func run(in context: Context) throws -> Value {
    if let architecture { return .host(architecture) }
    var table = Table(["model", "what it is"])
    for spec in context.catalogue.commands where spec.group == "Models" {
      table.append(["model": .string(spec.name), "what it is": .string(spec.summary)])
    }
    return .table(table)
  }
}
