/// The description that the Python package tifffile writes: `{"shape": [2, 3, 64, 64]}`, with
/// `"axes"` where they were given.
struct ShapedDescription {
  private let shape: [Int]
  private let axes: String?
  /// What this program wrote beside.
  let details: TIFFDetails

  /// Nil where the text is no such description.
  init?(_ text: String) {
    guard text.hasPrefix("{"), text.contains("\"shape\"") else { return nil }
    guard let json = try? JSONParser.parse(Array(text.utf8)),
      let sizes = json["shape"]?.array?.map(\.count)
    else { return nil }
    shape = sizes.compactMap { $0 }
    guard shape.count == sizes.count else { return nil }
    axes = json["axes"]?.string
    details = TIFFDetails { json[$0]?.string }
  }

  /// The meaning of the pages; nil where the shape does not fit them.
  func planes(page: TIFFPage, places: [TIFFPlanes.Place]) -> TIFFPlanes? {
    var plane = [page.height, page.width]
    if page.samples > 1 {
      plane = page.isPlanar ? [page.samples] + plane : plane + [page.samples]
    }
    guard shape.count >= plane.count, Array(shape.suffix(plane.count)) == plane else { return nil }
    let outer = Array(shape.dropLast(plane.count))
    guard outer.checkedProduct == places.count else { return nil }
    if let axes, axes.count == shape.count {
      let letters = String(axes.prefix(outer.count))
      if Set(letters).count == letters.count, letters.allSatisfy({ "STCZ".contains($0) }) {
        return TIFFPlanes(axes: letters, shape: outer, places: places)
      }
    }
    guard outer.count <= 4 else { return nil }
    var planes = TIFFPlanes(
      axes: ["", "S", "SZ", "STZ", "STCZ"][outer.count], shape: outer, places: places)
    if outer.count == 1 { planes.notes.append(TIFFPlanes.samplesNote(places.count)) }
    return planes
  }
}
