import Denoise
import Lang

struct RecorruptCommand: Command {
  static let name = "recorrupt"
  static let summary =
    "noise added to what is seen and taken from what is learnt (Recorrupted2Recorrupted)"
  static let details = """
    Hides nothing. With z drawn as noise of the kind that the data has, the network sees y + alpha z and \
    is compared with y - z / alpha, whose noises have nothing in common (Pang et al. 2021). How strong \
    the noise is at each brightness, what neighbours share of it and what channels do is measured when \
    training begins, unless `noise=` tells its standard deviation; what was measured is kept in the \
    model.
    """
  static let role = CommandRole.value
  static let group = "Masks"
  static let examples = [Example("net = train noisy mask=recorrupt(0.5) epochs=2 steps=5")]

  @Argument("how much noise is added to what is seen, over the data's own", in: 0.05...2)
  var alpha: Double = 0.5
  @Option("standard deviation of the noise, in the data's units; measured where none is given")
  var noise: Either<Double, String>?

  func run(in context: Context) throws -> Value {
    .host(MaskValue(mask: try RecorruptMask(strength: alpha, noise: model)))
  }

  private var model: NoiseModel? {
    get throws {
      let found: NoiseModel?
      switch noise {
      case nil: return nil
      case .first(let deviation)?: found = NoiseModel("\(deviation)")
      case .second(let text)?: found = NoiseModel(text)
      }
      guard let found else {
        throw LangError(
          "the noise is a standard deviation above 0, or what a model tells of it",
          argument: "noise")
      }
      return found
    }
  }
}
