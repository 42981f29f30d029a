import Denoise
import Lang

// The augmentations as commands: values that add up.

protocol AugmentationCommand: Command {
  func augmentation() throws -> Augmentation
}

extension AugmentationCommand {
  static var role: CommandRole { .value }
  static var group: String { "Augmentations" }

  func run(in context: Context) throws -> Value {
    .host(AugmentationValue(augmentation: try augmentation()))
  }
}

struct FlipsCommand: AugmentationCommand {
  static let name = "flips"
  static let summary = "mirrored along each axis"
  func augmentation() -> Augmentation { .flips }
}

struct Rot90Command: AugmentationCommand {
  static let name = "rot90"
  static let summary = "quarter turns in the plane of the last two axes"
  func augmentation() -> Augmentation { .rot90 }
}

struct DiagonalCommand: AugmentationCommand {
  static let name = "diagonal"
  static let summary = "the last two axes exchanged"
  func augmentation() -> Augmentation { .diagonal }
}

struct DihedralCommand: AugmentationCommand {
  static let name = "dihedral"
  static let summary = "all orientations: 2 in 1-D, 8 in 2-D, 48 in 3-D"
  func augmentation() -> Augmentation { .dihedral }
}

struct IntensityCommand: AugmentationCommand {
  static let name = "intensity"
  static let summary = "brightness changed by a random factor and offset"
  @Option("greatest change of the factor from 1", in: 0..<1) var gain: Double = 0.1
  @Option("greatest offset, in standard deviations", in: 0...) var offset: Double = 0.1
  func augmentation() throws -> Augmentation {
    Augmentation(intensity: try Intensity(gain: gain, offset: offset))
  }
}
