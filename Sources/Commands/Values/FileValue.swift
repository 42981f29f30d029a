import Denoise
import Formats
import Lang
import TensorEngine

/// An image file that stays on the disk: `load FILE memory=map`, and what `predict … to=` wrote.
final class FileValue: StoredImage, Bindable {
  static let typeName = "an image on the disk"
  let file: FileImage

  init(_ file: FileImage) { self.file = file }

  var kind: String { "image on the disk" }
  var axes: String { file.axes }
  var shape: [Int] { file.shape }

  var display: String { "\(file.line), on the disk (\(file.info.path))" }

  func part(_ block: [Range<Int>]) throws -> Image { try file.part(block) }

  let fieldNames = [
    "shape", "axes", "voxel", "unit", "origin", "dtype", "min", "max", "mean", "std", "path",
    "channels",
  ]

  func field(_ name: String) throws -> Value? {
    let info = file.info
    switch name {
    case "shape": return .list(info.shape.map(Value.int))
    case "axes": return .string(info.axes)
    case "voxel": return info.voxel.map { .numbers($0) } ?? Value.none
    case "unit": return .text(info.unit)
    case "origin": return info.origin.map { .numbers($0) } ?? Value.none
    case "dtype": return .string(info.stored.rawValue)
    case "path": return .string(info.path)
    case "channels": return info.channels.map { .list($0.map(Value.string)) } ?? Value.none
    case "min", "max", "mean", "std":
      var sums = StreamedStatistics()
      try file.forEachPiece { sums.add($0) }
      let numbers = ["min": sums.min, "max": sums.max, "mean": sums.mean, "std": sums.std]
      return numbers[name].map(Value.number)
    default: return nil
    }
  }
}

/// An image, an image on the disk, or the name of an image's file, which is read as far as it is
/// needed.
struct SourceArgument: Bindable {
  static let typeName = "an image or a file name"
  private let item: Item

  private enum Item {
    case image(Image)
    case file(FileValue)
    case path(String)
  }

  static func bind(_ value: Value) -> SourceArgument? {
    if let image = value.asImage { return SourceArgument(item: .image(image)) }
    if let file = FileValue.bind(value) { return SourceArgument(item: .file(file)) }
    return value.asString.map { SourceArgument(item: .path($0)) }
  }

  var value: Value {
    switch item {
    case .image(let image): .image(image)
    case .file(let file): .host(file)
    case .path(let path): .string(path)
    }
  }

  /// - Throws: `FormatError` where the file cannot be opened.
  func source() throws -> any ImageSource {
    switch item {
    case .image(let image): image
    case .file(let file): file.file
    case .path(let path): try FileImage(path)
    }
  }
}
