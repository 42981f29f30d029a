import TensorEngine

/// The planes of a volume one after another, all with one contrast.
public struct Film: Sendable {
  private let image: Image
  private let options: SliceOptions
  private let axis: Character
  /// Indices of the planes along the axis.
  public let indices: [Int]

  /// - Parameters:
  ///   - axis: `z`, `y`, `x`, or `s` and `t` of a stack.
  ///   - step: Planes from one frame to the next.
  ///   - options: Of each plane; the contrast is that of the whole image where it is automatic.
  /// - Throws: `GraphicsError` where the image has no such axis, or too many frames.
  public init(of image: Image, axis: Character, step: Int, options: SliceOptions) throws {
    guard let letter = axis.uppercased().first, let dimension = image.dimension(of: letter) else {
      throw GraphicsError(
        "the image has no axis \(axis) to run along", hint: "its axes are \(image.axes)")
    }
    self.image = image
    self.axis = axis
    var options = options
    options.view = .plane
    let window = try options.contrast.window(of: image.tensor.values, stored: image.stored)
    options.contrast = .range(window.low, window.high)
    self.options = options
    indices = Array(stride(from: 0, to: image.shape[dimension], by: max(1, step)))
    guard indices.count <= 4096 else {
      throw GraphicsError("a film of \(indices.count) pictures", hint: "take a larger `step`")
    }
  }

  /// The picture of a plane, as a PNG file; the plane's index is written on it unless the options
  /// have a label of their own.
  public func frame(_ index: Int) throws -> [UInt8] {
    try Interrupt.check()
    var options = options
    options.index[axis] = index
    if options.label == nil { options.label = "\(axis)=\(index)" }
    return try Slice(of: image, options).encoded(as: .png)
  }

  /// All pictures as an animated PNG.
  ///
  /// - Parameter seconds: How long each is shown.
  public func animated(seconds: Double) throws -> [UInt8] {
    try AnimatedPNG.joined(try indices.map { try frame($0) }, seconds: seconds)
  }
}
