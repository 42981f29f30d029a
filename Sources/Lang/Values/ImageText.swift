import TensorEngine

/// Images as text.
enum ImageText {
  /// `image 64x128x128 ZYX, float32, voxel 10 A, range -3.2 to 4.5`
  static func full(_ image: Image) -> String {
    var parts = [described(image)]
    if let range = ImageReduction.range(of: image.tensor.values) {
      parts.append(
        "range \(NumberFormat.short(Double(range.low))) to \(NumberFormat.short(Double(range.high)))"
      )
    }
    return parts.joined(separator: ", ")
  }

  /// `image 64x128x128 ZYX, float32, voxel 10 A`
  static func described(_ image: any ImageSource) -> String {
    var parts = ["image \(image.shape.asShape) \(image.axes)", image.stored.rawValue]
    if let voxel = image.voxel, !voxel.isEmpty {
      let size =
        Set(voxel).count == 1
        ? NumberFormat.short(voxel[0]) : voxel.map(NumberFormat.short).joined(separator: " x ")
      parts.append("voxel \(size)" + (image.unit.map { " " + $0 } ?? ""))
    }
    return parts.joined(separator: ", ")
  }

  /// `image 64x128x128 ZYX`
  static func brief(_ image: Image) -> String { "image \(image.shape.asShape) \(image.axes)" }
}
