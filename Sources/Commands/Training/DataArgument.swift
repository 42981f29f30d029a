import Denoise
import Formats
import Lang
import TensorEngine

/// What a network is trained on or judged by: an image, a list of images, or names of files.
struct DataArgument: Bindable {
  static let typeName = "an image, a list of images or a file name"
  private let items: [Item]

  private enum Item {
    case image(Image)
    case file(String)
    case stored(FileValue)
  }

  static func bind(_ value: Value) -> DataArgument? {
    let values = value.asList ?? [value]
    guard !values.isEmpty else { return nil }
    var items: [Item] = []
    for value in values {
      if let image = value.asImage {
        items.append(.image(image))
      } else if let stored = FileValue.bind(value) {
        items.append(.stored(stored))
      } else if let path = value.asString {
        items.append(.file(path))
      } else {
        return nil
      }
    }
    return DataArgument(items: items)
  }

  var value: Value {
    .list(
      items.map { item in
        switch item {
        case .image(let image): .image(image)
        case .file(let path): .string(path)
        case .stored(let file): .host(file)
        }
      })
  }

  /// The images, read where they are files.
  ///
  /// - Throws: `FormatError` where a file cannot be read.
  func images() throws -> [Image] {
    try items.map { item in
      switch item {
      case .image(let image): return image
      case .file(let path):
        guard case .image(let image) = try Formats.load(path).content else {
          throw LangError("\"\(path)\" holds no image")
        }
        return image
      case .stored(let value): return try value.whole()
      }
    }
  }

  /// The images, those on the disk left there where they would take more than a part of the memory.
  ///
  /// - Parameter limit: bytes that may be used in all; what the machine has where nil.
  /// - Throws: `FormatError` where a file cannot be opened.
  func sources(limit: Int?) throws -> [any ImageSource] {
    let room = (limit ?? SystemMemory.available) / 8
    return try items.map { item in
      let file: FileImage
      switch item {
      case .image(let image): return image
      case .stored(let value): file = value.file
      case .file(let path): file = try FileImage(path)
      }
      let bytes = (file.shape + [MemoryLayout<Float>.size]).checkedProduct ?? Int.max
      return bytes <= room ? try file.whole() : file
    }
  }

  /// The only image, where it is a file or on the disk.
  var onlyFile: FileImage? {
    get throws {
      guard items.count == 1 else { return nil }
      switch items[0] {
      case .image: return nil
      case .stored(let value): return value.file
      case .file(let path): return try FileImage(path)
      }
    }
  }
}
