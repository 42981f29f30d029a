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
  /// The file's dimensions, and how they come from the image's.
  let order: AxisOrder

  /// - Throws: `FormatError` of kind `badRequest` where the image has no pictures in it.
  init(_ image: ImageInfo, type: NumberType, path: String, provenance: String?) throws {
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
    order = AxisOrder(fileAxes: fileAxes, fileShape: fileAxes.map { sizes[$0] ?? 1 })
    pageShape = pageAxes.map { sizes[$0] ?? 1 }
    height = sizes["Y"] ?? 1
    width = sizes["X"] ?? 1
    let details = TIFFDetails(image, provenance: provenance).entries
    if fitsImageJ {
      let letters = ["\(times.first ?? "T")", "Z", "C"]
      let slots = letters.map { pageAxes.contains($0) ? sizes[Character($0)] ?? 1 : 1 }
      description = ImageJDescription.text(
        sizes: slots, axes: letters.joined(), unit: image.voxel == nil ? nil : image.unit,
        spacing: TIFFLayout.spacing(image),
        range: type == .float32 ? TIFFLayout.range(image) : nil, details: details)
    } else {
      let shape = order.fileShape.map(String.init).joined(separator: ", ")
      let more = details.map { ", \(JSON.quoted($0.name)): \(JSON.quoted($0.value))" }.joined()
      description = "{\"shape\": [\(shape)], \"axes\": \"\(fileAxes)\"\(more)}"
    }
  }

  /// Distance of slices.
  private static func spacing(_ image: ImageInfo) -> Double? {
    guard let voxel = image.voxel,
      let z = image.axes.filter({ "ZYX".contains($0) }).firstIndex(of: "Z"),
      z == image.axes.filter({ "ZYX".contains($0) }).startIndex
    else { return nil }
    return voxel.first
  }

  /// The range of values for ImageJ's display; nil where all are alike or they are not known yet.
  private static func range(_ image: ImageInfo) -> ClosedRange<Float>? {
    image.extent.flatMap { $0.lowerBound < $0.upperBound ? $0 : nil }
  }
}
