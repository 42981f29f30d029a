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
  }

  static func bind(_ value: Value) -> DataArgument? {
    let values = value.asList ?? [value]
    guard !values.isEmpty else { return nil }
    var items: [Item] = []
    for value in values {
      if let image = value.asImage {
        items.append(.image(image))
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
      }
    }
  }
}
