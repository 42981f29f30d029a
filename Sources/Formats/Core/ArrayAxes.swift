import TensorEngine

/// Axes for arrays whose file does not name them.
enum ArrayAxes {
  /// `YX`, `ZYX` … by the number of dimensions; a picture with 3 or 4 colours in its last
  /// dimension, as Python programs keep them, is told by its integers and shape.
  ///
  /// - Throws: `FormatError` where there are more dimensions than axes have names.
  static func guess(
    shape: [Int], type: NumberType, path: String
  ) throws -> (axes: String, notes: [String]) {
    guard shape.count <= 6 else {
      throw FormatError.unsupported(
        path, "an array of \(shape.count) dimensions (\(shape.asShape))",
        hint: "reshape it to 6 at most where it was made")
    }
    let isPicture =
      shape.count == 3 && (shape[2] == 3 || shape[2] == 4) && shape[0] > 4 && shape[1] > 4
      && (type == .uint8 || type == .uint16)
    if isPicture {
      return (
        "YXC", ["the last dimension was taken as colours; axes=\"ZYX\" reads a volume"]
      )
    }
    return (Image.defaultAxes(rank: shape.count), [])
  }
}
