import TensorEngine

/// How a file is to be read.
public struct LoadOptions: Sendable {
  /// What a file is to be taken as, where it could be more than one thing.
  public enum Kind: String, Sendable, CaseIterable {
    case image, table
  }

  /// Axis letters in the file's own order, where the file's say is wrong or missing.
  public var axes: String?
  /// Which data set of a file that has several (HDF5, NPZ).
  public var key: String?
  public var kind: Kind?
  /// A block by axis letter; axes that are not named are whole.
  public var crop: [Character: Range<Int>]
  /// Keeps a picture's transparency as one more channel.
  public var alpha: Bool
  public var limit: MemoryLimit

  public init(
    axes: String? = nil, key: String? = nil, kind: Kind? = nil,
    crop: [Character: Range<Int>] = [:], alpha: Bool = false, limit: MemoryLimit = .machine
  ) {
    self.axes = axes
    self.key = key
    self.kind = kind
    self.crop = crop
    self.alpha = alpha
    self.limit = limit
  }

  /// The axes of a file's array: the user's where given, else the format's own idea.
  ///
  /// - Throws: `FormatError` of kind `badRequest` where the user's do not fit the shape.
  func axes(for shape: [Int], or own: @autoclosure () -> String) throws -> String {
    guard let axes = axes?.uppercased() else { return own() }
    guard axes.count == shape.count, Set(axes).count == axes.count,
      axes.allSatisfy({ AxisOrder.canonical.contains($0) })
    else {
      throw FormatError(
        .badRequest,
        "axes \"\(axes)\" do not fit the file's shape \(shape.asShape)",
        hint: "give \(shape.count) different letters of S, T, C, Z, Y, X")
    }
    return axes
  }
}
