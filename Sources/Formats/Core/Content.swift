import TensorEngine

/// What a file holds.
public enum Content: Sendable {
  case image(Image)
  case table(DataTable)
  case checkpoint(Checkpoint)

  /// As the user calls it.
  var kind: String {
    switch self {
    case .image: "an image"
    case .table: "a table"
    case .checkpoint: "a model"
    }
  }
}

/// A file that is open: described, and read only where that costs nothing.
public enum Opened {
  case image(any ImageReader)
  case table(DataTable, notes: [String])
  case checkpoint(Checkpoint)

  /// As the user calls it.
  var kind: String {
    switch self {
    case .image: "an image"
    case .table: "a table"
    case .checkpoint: "a model"
    }
  }
}

/// What was read, and what the user should know about it.
public struct Loaded: Sendable {
  public var content: Content
  /// Name of the format, such as `"mrc"`.
  public var format: String
  /// What was understood in a way that the user may not expect, a sentence each.
  public var notes: [String]

  /// The image.
  ///
  /// - Throws: `FormatError` of kind `badRequest` where the file held something else.
  public var image: Image {
    get throws {
      guard case .image(let image) = content else {
        throw FormatError(.badRequest, "the file holds \(content.kind), not an image")
      }
      return image
    }
  }
}
