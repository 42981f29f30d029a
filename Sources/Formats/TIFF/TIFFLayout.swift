import TensorEngine

/// How an image is laid out over the pages of a TIFF file.
struct TIFFLayout {
  /// Sizes over the pages, slowest first.
  let pageShape: [Int]
  let width: Int
  let height: Int
  /// Samples of a pixel: more than one for colour.
  let samples: Int
  /// Whether the last sample is transparency.
  let hasAlpha: Bool
  let description: String
  /// Elements, page by page.
  let values: [Float]

  /// - Throws: `FormatError` of kind `badRequest` where the image has no pictures in it.
  init(_ image: Image, type: NumberType, path: String) throws {
    guard image.axes.hasSuffix("YX"), !image.shape.contains(0) else {
      throw FormatError(
        .badRequest,
        "a TIFF holds pictures, not \(image.axes.isEmpty ? "a number" : image.axes) of "
          + "\(image.shape.asShape): \"\(path)\"", hint: "save as NPY or HDF5")
    }
    let names = image.channels ?? []
    let count = image.dimension(of: "C").map { image.shape[$0] } ?? 0
    let isColour =
      names.prefix(3) == ["red", "green", "blue"] && names.count == count
      && (count == 3 || (count == 4 && names[3] == "alpha")) && (type == .uint8 || type == .uint16)
    samples = isColour ? count : 1
    hasAlpha = isColour && count == 4
    let outer = image.axes.dropLast(2).filter { !(isColour && $0 == "C") }
    let times = outer.filter { "ST".contains($0) }
    let fitsImageJ =
      times.count <= 1 && !outer.contains("Q")
      && (type == .uint8 || (type == .uint16 && !isColour) || type == .float32)
    // ImageJ's order: frames, slices, channels, the last fastest.
    let pageAxes =
      fitsImageJ ? String("STZC".filter { outer.contains($0) }) : String(outer)
    let fileAxes = pageAxes + (isColour ? "YXC" : "YX")
    let sizes = Dictionary(zip(image.axes, image.shape), uniquingKeysWith: { first, _ in first })
    let order = AxisOrder(fileAxes: fileAxes, fileShape: fileAxes.map { sizes[$0] ?? 1 })
    pageShape = pageAxes.map { sizes[$0] ?? 1 }
    height = sizes["Y"] ?? 1
    width = sizes["X"] ?? 1
    values = order.toFile(image.tensor.values, shape: image.shape)
    if fitsImageJ {
      let letters = ["\(times.first ?? "T")", "Z", "C"]
      let slots = letters.map { pageAxes.contains($0) ? sizes[Character($0)] ?? 1 : 1 }
      description = ImageJDescription.text(
        sizes: slots, axes: letters.joined(), unit: image.voxel == nil ? nil : image.unit,
        spacing: TIFFLayout.spacing(image),
        range: type == .float32 ? TIFFLayout.range(image.tensor.values) : nil)
    } else {
      let shape = order.fileShape.map(String.init).joined(separator: ", ")
      description = "{\"shape\": [\(shape)], \"axes\": \"\(fileAxes)\"}"
    }
  }

  /// Distance of slices.
  private static func spacing(_ image: Image) -> Double? {
    guard let voxel = image.voxel,
      let z = image.axes.filter({ "ZYX".contains($0) }).firstIndex(of: "Z"),
      z == image.axes.filter({ "ZYX".contains($0) }).startIndex
    else { return nil }
    return voxel.first
  }

  /// Least and greatest finite value, for ImageJ's display; nil where all are alike.
  private static func range(_ values: [Float]) -> ClosedRange<Float>? {
    var (low, high) = (Float.infinity, -Float.infinity)
    for value in values where value.isFinite {
      low = min(low, value)
      high = max(high, value)
    }
    return low < high ? low...high : nil
  }
}
