import Denoise
import Lang

struct LineCommand: Command {
  static let name = "line"
  static let summary = "a pixel and its neighbours along an axis hidden (structN2V)"
  static let role = CommandRole.value
  static let group = "Masks"

  @Option("axis along which the noise is structured") var axis: SpaceAxis = .x
  @Option("pixels on the line, odd", in: 3...255) var length = 5
  @Option("pixels chosen, in percent", in: 0.001...50) var percent: Double = 0.2

  func run(in context: Context) throws -> Value {
    .host(
      MaskValue(
        mask: try StructuredMask(axis: axis.letter, length: length, percent: percent)))
  }
}
