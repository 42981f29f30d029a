import Denoise
import Lang
import TensorEngine

/// The plane in which an image is turned.
enum RotationPlane: String, Choice {
  case yx, zx, zy

  var first: Character { rawValue.hasPrefix("y") ? "Y" : "Z" }
  var second: Character { rawValue.hasSuffix("x") ? "X" : "Y" }
}

struct RotateCommand: Command {
  static let name = "rotate"
  static let summary = "turns an image in a plane, against the clock"
  static let details = """
    Multiples of 90 degrees are exact and change the sides. Any other angle is interpolated linearly \
    about the middle, and the shape stays.
    """
  static let group = "Shaping"
  static let examples = [
    Example("turned = rotate noisy 90"), Example("tilted = rotate vol 12.5 plane=zx fill=0"),
  ]

  @Argument("image") var image: Image
  @Argument("angle in degrees") var degrees: Double
  @Option("plane that is turned") var plane: RotationPlane = .yx
  @Option("what comes in from outside") var fill: Double = 0

  func run(in context: Context) throws -> Value {
    .image(
      try image.rotated(
        degrees: degrees, plane.first, plane.second, fill: Float(fill)))
  }
}
