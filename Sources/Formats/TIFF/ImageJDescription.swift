import TensorEngine

/// The lines that ImageJ writes into the description of the first page: `key=value` each.
struct ImageJDescription {
  private let values: [String: String]

  /// Nil where the text is not ImageJ's.
  init?(_ text: String) {
    guard text.hasPrefix("ImageJ=") else { return nil }
    var values: [String: String] = [:]
    for line in text.split(whereSeparator: \.isNewline) {
      guard let sign = line.firstIndex(of: "=") else { continue }
      values[String(line[..<sign])] = String(line[line.index(after: sign)...])
    }
    self.values = values
  }

  /// What this program wrote beside ImageJ's own lines.
  var details: TIFFDetails { TIFFDetails { values[$0] } }

  /// How many images there are in all; ImageJ may write a single page for all of them.
  var images: Int { max(1, count("images") ?? 1) }

  private func count(_ key: String) -> Int? { values[key].flatMap { Int($0) } }

  /// What the pages mean: frames, slices, channels, the last fastest.
  ///
  /// - Parameters:
  ///   - pages: Pages in the file, or images where one page stands for all.
  ///   - path: For messages.
  /// - Throws: `FormatError` of kind `damaged` where pages are missing.
  func planes(
    pages: Int, places: [TIFFPlanes.Place], pixelSize: (x: Double, y: Double)?, path: String
  ) throws -> TIFFPlanes {
    let sizes = ["frames", "slices", "channels"].map { max(1, count($0) ?? 1) }
    guard let promised = sizes.checkedProduct, max(promised, images) <= pages else {
      throw FormatError.damaged(
        path,
        "ImageJ's note promises \(max(sizes.checkedProduct ?? Int.max, images)) images, "
          + "the file has \(pages)")
    }
    var planes: TIFFPlanes
    if promised == pages {
      planes = TIFFPlanes(axes: ownAxes ?? "TZC", shape: sizes, places: places)
    } else {
      planes = TIFFPlanes(axes: "S", shape: [pages], places: places)
      if promised > 1 {
        planes.notes.append(
          "ImageJ's note of \(sizes.asShape) images does not fit the \(pages) pages, "
            + "which were taken as samples")
      }
    }
    planes.dropSingles()
    planes.ignoresPalette = true
    planes.unit = values["unit"].flatMap(TIFFPlanes.unitName)
    if planes.unit != nil, let pixelSize {
      planes.voxel = ["X": pixelSize.x, "Y": pixelSize.y]
      planes.voxel["Z"] = values["spacing"].flatMap { Double($0) }.map(\.magnitude)
    }
    return planes
  }

  /// Axes over the pages, where this program wrote them beside ImageJ's lines.
  private var ownAxes: String? {
    guard let axes = values["axes"], Set(axes).count == axes.count,
      axes.allSatisfy({ "STCZ".contains($0) })
    else { return nil }
    return axes.count == 3 ? axes : nil
  }

  /// The lines for an image to be written.
  ///
  /// - Parameters:
  ///   - sizes: Frames, slices and channels.
  ///   - axes: What they are called here, where that is not `TZC`.
  static func text(
    sizes: [Int], axes: String, unit: String?, spacing: Double?, range: ClosedRange<Float>?,
    details: [(name: String, value: String)]
  ) -> String {
    var lines = ["ImageJ=1.54f"]
    if sizes.reduce(1, *) > 1 {
      lines.append("images=\(sizes.reduce(1, *))")
      for (key, size) in zip(["frames", "slices", "channels"], sizes).reversed() where size > 1 {
        lines.append("\(key)=\(size)")
      }
      lines.append("hyperstack=true")
      if sizes[2] > 1 { lines.append("mode=grayscale") }
    }
    if let unit { lines.append("unit=\(unit == "um" ? "micron" : unit)") }
    if let spacing { lines.append("spacing=\(spacing)") }
    if let range {
      lines.append("min=\(range.lowerBound)")
      lines.append("max=\(range.upperBound)")
    }
    lines.append("loop=false")
    if axes != "TZC" { lines.append("axes=\(axes)") }
    lines += details.map { "\($0.name)=\($0.value)" }
    return lines.joined(separator: "\n") + "\n"
  }
}
