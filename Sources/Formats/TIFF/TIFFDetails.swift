import TensorEngine

/// What an image knows that neither ImageJ's nor tifffile's description has a place for: exact
/// voxel sizes, origin, channel names and how the file was made. Written as further entries of
/// either, which those programs leave alone.
struct TIFFDetails {
  var voxel: [Double]?
  var unit: String?
  var origin: [Double]?
  var channels: [String]?
  var provenance: String?

  init(_ info: ImageInfo, provenance: String?) {
    voxel = info.voxel
    unit = info.voxel == nil ? nil : info.unit
    origin = info.origin
    channels = info.channels
    self.provenance = provenance
  }

  /// From the entries of a description, by name.
  init(_ entry: (String) -> String?) {
    func numbers(_ name: String) -> [Double]? {
      guard let text = entry(name) else { return nil }
      let numbers = text.split(separator: " ").map { Double($0) }
      return numbers.contains { $0 == nil } || numbers.isEmpty ? nil : numbers.compactMap { $0 }
    }
    voxel = numbers("dn.voxel")
    unit = entry("dn.unit")
    origin = numbers("dn.origin")
    channels = entry("dn.channels")?.split(separator: "|", omittingEmptySubsequences: false).map(
      String.init)
    provenance = entry("dn.provenance")
  }

  /// Names and values, each a single line.
  var entries: [(name: String, value: String)] {
    var entries: [(String, String)] = []
    func add(_ name: String, _ numbers: [Double]?) {
      guard let numbers, !numbers.isEmpty else { return }
      entries.append((name, numbers.map { "\($0)" }.joined(separator: " ")))
    }
    add("dn.voxel", voxel)
    if let unit { entries.append(("dn.unit", unit)) }
    add("dn.origin", origin)
    if let channels, !channels.contains(where: { $0.contains("|") }) {
      entries.append(("dn.channels", channels.joined(separator: "|")))
    }
    if let provenance { entries.append(("dn.provenance", provenance)) }
    return entries.map { name, value in
      (name, String(value.map { $0.isNewline ? " " : $0 }))
    }
  }

  /// Adds to a file's description what the other entries lack.
  func complete(_ info: inout ImageInfo) {
    let spatial = info.spatialAxes.count
    if let voxel, voxel.count == spatial, voxel.allSatisfy({ $0 > 0 && $0.isFinite }) {
      // Another program may have changed the size since.
      let agrees =
        info.voxel.map { before in
          zip(before, voxel).allSatisfy { abs($0 - $1) <= 1e-4 * $1 }
        } ?? true
      if agrees {
        info.voxel = voxel
        info.unit = unit ?? info.unit
      }
    }
    if let origin, origin.count == spatial, origin.allSatisfy(\.isFinite) { info.origin = origin }
    if let channels, info.channels == nil, let axis = info.axes.firstIndex(of: "C"),
      channels.count == info.shape[info.axes.distance(from: info.axes.startIndex, to: axis)]
    {
      info.channels = channels
    }
  }
}
