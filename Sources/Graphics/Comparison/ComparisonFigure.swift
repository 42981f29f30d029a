import TensorEngine

/// Images side by side under the same contrast, with an enlarged detail and the difference to a
/// reference: the figure by which denoisers are compared.
///
/// Images with rows and columns are drawn as pictures, signals as line plots.
public struct ComparisonFigure: Figure, Sendable {
  public struct Panel: Sendable {
    public var name: String
    public var image: Image
    /// A line under the name, such as `29.81 dB / 0.871`.
    public var caption: String

    public init(_ name: String, _ image: Image, caption: String = "") {
      self.name = name
      self.image = image
      self.caption = caption
    }
  }

  public struct Options: Sendable {
    /// Indices by axis, in lower case, as of a slice.
    public var index: [Character: Int] = [:]
    public var contrast = Contrast.automatic
    public var colormap = Colormap.gray
    /// The detail that is enlarged; where nil, the part with the most structure.
    public var region: PictureRegion?
    /// Whether a detail is enlarged at all.
    public var detail = true
    /// Whether the differences to the reference are drawn.
    public var difference = true

    public init() {}
  }

  private enum Content: Sendable {
    case pictures(ComparedPictures)
    case signals(ComparedSignals)
  }

  private let content: Content

  /// - Parameters:
  ///   - panels: one or more images of one shape.
  ///   - reference: which panel the others are compared to; none where nil.
  /// - Throws: `GraphicsError` where the images do not fit each other or an option does not fit
  ///   them.
  public init(_ panels: [Panel], reference: Int? = nil, options: Options = Options()) throws {
    guard let first = panels.first else { throw GraphicsError("there is nothing to compare") }
    guard reference.map(panels.indices.contains) ?? true else {
      throw GraphicsError("there is no panel \(reference ?? 0) to compare to")
    }
    for other in panels where other.image.shape != first.image.shape {
      throw GraphicsError(
        "`\(other.name)` is \(other.image.shape.asShape), `\(first.name)` is "
          + first.image.shape.asShape, hint: "compare images of one shape")
    }
    let isSignal = first.image.dimension(of: "Y") == nil && first.image.dimension(of: "X") != nil
    content =
      isSignal
      ? .signals(try ComparedSignals(panels, reference, options))
      : .pictures(try ComparedPictures(panels, reference, options))
  }

  public func encoded(as kind: PictureKind) throws -> [UInt8] {
    switch content {
    case .pictures(let pictures): try pictures.encoded(as: kind)
    case .signals(let signals): try signals.encoded(as: kind)
    }
  }
}
