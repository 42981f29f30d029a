import Denoise
import Lang
import TensorEngine

struct DeconvCommand: Command {
  static let name = "deconv"
  static let summary = "CTF-based Wiener-like deconvolution of a tomogram"
  static let details = """
    As Warp and IsoNet do it: with f from 0 to 1 at Nyquist, hp = 1 - cos(pi min(1, f / highpass)), \
    snr = exp(-100 f snr_falloff / voxel) 10^strength hp + 1e-6, W = CTF / (CTF^2 + 1 / snr). The \
    result has the mean and standard deviation of what it was made from. In 2-D and 3-D; stacks \
    sample by sample. A list of tomograms takes a list of defocus values.

    Train on a mixture: `mix(tomo, deconv(tomo, defocus=3), 0.5)`.
    """
  static let group = "Tomograms"
  static let examples = [
    Example("sharp = deconv vol defocus=3.5"),
    Example("both = deconv [vol, vol] defocus=[3.5, 4]"),
  ]

  @Argument("tomogram, or a list of them") var volume: Either<Image, [Image]>
  @Option("underfocus in um, or a list of one for each tomogram") var defocus:
    Either<Double, [Double]>
  @Option("acceleration voltage, in kV", in: 1...10_000) var voltage: Double = 300
  @Option("spherical aberration, in mm", in: 0...100) var cs: Double = 2.7
  @Option("share of amplitude contrast", in: 0...1) var contrast: Double = 0.07
  @Option("phase shift of a phase plate, in degrees") var phaseShift: Double = 0
  @Option("how quickly the signal-to-noise ratio falls", in: 0...) var snrFalloff: Double = 1
  @Option("its height, as a power of ten") var strength: Double = 1
  @Option("share of Nyquist below which coarse changes are held back", in: 0...1)
  var highpass: Double = 0.02
  @Option("whether the phases are flipped already") var phaseFlipped = false
  @Option("voxel size in A, in the place of the file's", in: 1e-6...) var voxel: Double?

  func run(in context: Context) throws -> Value {
    switch volume {
    case .first(let image):
      guard case .first(let value) = defocus else {
        throw LangError("one tomogram has one defocus", argument: "defocus")
      }
      return .image(try filter(value).applied(to: scaled(image)))
    case .second(let images):
      let values =
        switch defocus {
        case .first(let value): images.map { _ in value }
        case .second(let values): values
        }
      guard values.count == images.count else {
        throw LangError(
          "\(images.count) tomograms and \(values.count) defocus values", argument: "defocus")
      }
      return .list(try zip(images, values).map { .image(try filter($1).applied(to: scaled($0))) })
    }
  }

  private func scaled(_ image: Image) -> Image {
    guard let voxel else { return image }
    var known = image
    (known.voxel, known.unit) = (image.spatialDimensions.map { _ in voxel }, "A")
    return known
  }

  private func filter(_ defocus: Double) throws -> Deconvolution {
    var transfer = ContrastTransfer(defocus: defocus)
    (transfer.voltage, transfer.aberration) = (voltage, cs)
    (transfer.amplitude, transfer.phaseShift) = (contrast, phaseShift)
    var filter = try Deconvolution(transfer)
    (filter.falloff, filter.strength) = (snrFalloff, strength)
    (filter.highpass, filter.isFlipped) = (highpass, phaseFlipped)
    return filter
  }
}
