import TensorEngine

/// What OME-XML in the description of the first page says (OME Data Model, schema 2016-06).
///
/// Only the first image of a file is read.
struct OMEDescription {
  private let xml: XMLScanner
  private let pixels: XMLScanner.Element

  /// Nil where the text is no OME-XML with pixels.
  init?(_ text: String) {
    guard text.contains("<OME") else { return nil }
    xml = XMLScanner(text)
    guard let pixels = xml.elements.first(where: { $0.name == "Pixels" }) else { return nil }
    self.pixels = pixels
  }

  /// The file that holds the description of the whole set, where this page only points to it.
  static func master(_ text: String) -> String? {
    guard text.contains("<BinaryOnly") else { return nil }
    return XMLScanner(text).elements.first { $0.name == "BinaryOnly" }?["MetadataFile"]
  }

  /// What the pages mean; nil where the sizes make no sense.
  ///
  /// - Parameters:
  ///   - file: Name of the file without its folder.
  ///   - pages: Pages in the file.
  ///   - samples: Samples of a pixel, which OME counts as channels.
  func planes(file: String, pages: Int, samples: Int) -> TIFFPlanes? {
    guard let text = pixels["DimensionOrder"], text.hasPrefix("XY"), text.count == 5 else {
      return nil
    }
    let order = Array(text.dropFirst(2))
    var sizes: [Character: Int] = [:]
    for axis in order {
      guard let size = pixels["Size\(axis)"].flatMap({ Int($0) }), size > 0 else { return nil }
      sizes[axis] = size
    }
    guard let channels = sizes["C"], channels % max(1, samples) == 0 else { return nil }
    sizes["C"] = channels / max(1, samples)
    let counts = order.map { sizes[$0] ?? 1 }
    guard let total = counts.checkedProduct, total > 0, total <= 1 << 24,
      let places = places(order: order, counts: counts, total: total, file: file, pages: pages)
    else { return nil }
    // OME names the fastest axis first.
    var planes = TIFFPlanes(
      axes: String(order.reversed()), shape: counts.reversed(), places: places)
    planes.dropSingles()
    setVoxel(&planes)
    let names = xml.elements.filter { $0.name == "Channel" }.prefix(counts.reduce(0, max))
      .map { $0["Name"] ?? "" }
    if names.count == sizes["C"], samples == 1, names.contains(where: { !$0.isEmpty }) {
      planes.channels = Array(names)
    }
    return planes
  }

  /// Where each plane lies, by the elements TiffData; without them the pages come in order.
  private func places(
    order: [Character], counts: [Int], total: Int, file: String, pages: Int
  ) -> [TIFFPlanes.Place]? {
    var places = [TIFFPlanes.Place?](repeating: nil, count: total)
    var name: String?
    var isFirst = true
    for (index, element) in xml.elements.enumerated() where element.name == "TiffData" {
      isFirst = false
      name = fileName(after: index)
      let isHere = name == nil || name == file
      var start = 0
      var step = 1
      for (axis, count) in zip(order, counts) {
        start &+= (element["First\(axis)"].flatMap { Int($0) } ?? 0) &* step
        step *= count
      }
      let hasIFD = element["IFD"] != nil
      let page = element["IFD"].flatMap { Int($0) } ?? 0
      let count = element["PlaneCount"].flatMap { Int($0) } ?? (hasIFD ? 1 : total)
      guard page >= 0, page <= 1 << 24 else { return nil }
      for offset in 0..<max(0, min(count, total)) where places.indices.contains(start &+ offset) {
        places[start + offset] = TIFFPlanes.Place(file: isHere ? nil : name, page: page + offset)
      }
    }
    if isFirst {
      return total <= pages ? (0..<total).map { TIFFPlanes.Place(file: nil, page: $0) } : nil
    }
    let known = places.compactMap { $0 }
    let isComplete = known.count == total && known.allSatisfy { $0.file != nil || $0.page < pages }
    return isComplete ? known : nil
  }

  /// The file named inside the element TiffData at an index.
  private func fileName(after index: Int) -> String? {
    let rest = xml.elements[(index + 1)...].prefix { $0.name == "UUID" }
    return rest.first?["FileName"]
  }

  private func setVoxel(_ planes: inout TIFFPlanes) {
    let sizes = "XYZ".compactMap { axis in
      pixels["PhysicalSize\(axis)"].flatMap { Double($0) }.map { (axis, $0) }
    }
    // Micrometres are the schema's default.
    let units = sizes.map { pixels["PhysicalSize\($0.0)Unit"] ?? "\u{b5}m" }
    guard let first = units.first, Set(units).count == 1, let unit = TIFFPlanes.unitName(first)
    else {
      return
    }
    planes.unit = unit
    for (axis, size) in sizes where size > 0 && size.isFinite { planes.voxel[axis] = size }
  }
}
