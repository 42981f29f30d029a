import TensorEngine

/// A folder of Zarr arrays: which of them is meant, and what the folder says of it.
enum ZarrStore {
  /// The longest text of metadata that is read.
  private static let longest = MemoryLimit(bytes: 1 << 26)

  /// An array in its folder.
  struct Found {
    let array: ZarrArray
    let folder: String
    /// Its place in the folder that was asked for.
    let name: String
    /// OME's description of the group around it, and which of its datasets it is.
    var multiscale: JSON?
    var dataset: JSON?
    /// Names of channels that OME's description of colours gives.
    var channels: [String]?
    var notes: [String] = []
  }

  /// - Parameter key: A path inside the folder; nil for the largest scale of an OME image, or the
  ///   only array.
  /// - Throws: `FormatError` of kind `badRequest` where the choice is open, with the names.
  static func find(_ path: String, key: String?) throws -> Found {
    var root = path
    while root.count > 1, root.hasSuffix("/") { root.removeLast() }
    if let key {
      let inner = key.split(separator: "/").map(String.init)
      guard !inner.contains("..") else {
        throw FormatError(.badRequest, "a key does not lead out of the file: \"\(key)\"")
      }
      let folder = ([root] + inner).joined(separator: "/")
      if let found = try array(folder, name: inner.joined(separator: "/")) {
        let above = ([root] + inner.dropLast()).joined(separator: "/")
        return try described(found, by: group(above), as: inner.last ?? "")
      }
      if let group = try group(folder) { return try choose(folder, group, path: path) }
      throw FormatError(
        .badRequest, "\"\(path)\" has no array \"\(key)\"", hint: hint(try arrays(root)))
    }
    if let found = try array(root, name: "") { return found }
    guard let group = try group(root) else {
      throw FormatError.damaged(path, "it is a folder without Zarr's metadata")
    }
    return try choose(root, group, path: path)
  }

  private static func choose(_ root: String, _ group: JSON, path: String) throws -> Found {
    let ome = group["ome"] ?? group
    if let scales = ome["multiscales"]?.array?.first?["datasets"]?.array,
      let name = scales.first?["path"]?.string, !name.split(separator: "/").contains(".."),
      let found = try array("\(root)/\(name)", name: name)
    {
      var found = described(found, by: group, as: name)
      if scales.count > 1 {
        found.notes.append(
          "the largest of \(scales.count) scales; key=\"\(scales[1]["path"]?.string ?? "1")\" "
            + "reads a smaller one")
      }
      return found
    }
    let names = try arrays(root)
    guard names.count == 1, let only = try array("\(root)/\(names[0])", name: names[0]) else {
      throw names.isEmpty
        ? FormatError.unsupported(path, "no array")
        : FormatError(
          .badRequest, "\"\(path)\" has \(names.count) arrays: say which", hint: hint(names))
    }
    return only
  }

  private static func hint(_ names: [String]) -> String? {
    names.isEmpty
      ? nil
      : "use " + names.prefix(6).map { "key=\"\($0)\"" }.joined(separator: ", ")
        + (names.count > 6 ? " …" : "")
  }

  private static func described(_ found: Found, by group: JSON?, as name: String) -> Found {
    guard let group else { return found }
    var found = found
    let ome = group["ome"] ?? group
    for scale in ome["multiscales"]?.array ?? [] {
      for dataset in scale["datasets"]?.array ?? [] where dataset["path"]?.string == name {
        found.multiscale = scale
        found.dataset = dataset
      }
    }
    let labels = ome["omero"]?["channels"]?.array?.map { $0["label"]?.string ?? "" } ?? []
    if labels.contains(where: { !$0.isEmpty }) { found.channels = labels }
    return found
  }

  /// The array in a folder; nil where there is none.
  private static func array(_ folder: String, name: String) throws -> Found? {
    if let json = try json("\(folder)/zarr.json") {
      guard json["node_type"]?.string == "array" else { return nil }
      return Found(
        array: try ZarrArray(json, attributes: nil, path: folder), folder: folder, name: name)
    }
    guard let json = try json("\(folder)/.zarray") else { return nil }
    let attributes = try self.json("\(folder)/.zattrs")
    return Found(
      array: try ZarrArray(json, attributes: attributes, path: folder), folder: folder, name: name)
  }

  /// The attributes of a group; nil where the folder is none.
  private static func group(_ folder: String) throws -> JSON? {
    if let json = try json("\(folder)/zarr.json") {
      return json["node_type"]?.string == "group" ? json["attributes"] ?? .object([]) : nil
    }
    guard try json("\(folder)/.zgroup") != nil else { return nil }
    return try json("\(folder)/.zattrs") ?? .object([])
  }

  /// Places of the arrays inside, two levels deep, at most some hundreds.
  private static func arrays(_ root: String) throws -> [String] {
    var found: [String] = []
    for name in Folder.names(in: root, limit: 1000) where !name.hasPrefix(".") {
      guard Folder.isThere("\(root)/\(name)") else { continue }
      if try array("\(root)/\(name)", name: name) != nil {
        found.append(name)
      } else if try group("\(root)/\(name)") != nil {
        for inner in Folder.names(in: "\(root)/\(name)", limit: 1000) {
          let place = "\(name)/\(inner)"
          if Folder.isThere("\(root)/\(place)"),
            try array("\(root)/\(place)", name: place) != nil
          {
            found.append(place)
          }
        }
      }
      if found.count > 200 { break }
    }
    return found
  }

  /// Metadata; nil where there is no such file.
  private static func json(_ path: String) throws -> JSON? {
    guard let source = try file(path, limit: longest.bytes, longest) else { return nil }
    let bytes = try source.bytes(at: 0, upTo: source.size, path: path)
    do throws(JSONParser.Fault) {
      return try JSONParser.parse(bytes)
    } catch {
      throw FormatError.damaged(path, "it is no JSON: \(error.text)")
    }
  }

  /// An open file; nil where there is none.
  ///
  /// - Parameter limit: Bytes that a file of its kind may have, about.
  /// - Throws: `FormatError` where it is far longer, or more than the memory.
  static func file(_ path: String, limit bytes: Int, _ limit: MemoryLimit) throws -> FileDescriptor?
  {
    do {
      let file = try FileDescriptor(reading: path)
      guard file.size <= bytes + bytes / 4 + (1 << 20) else {
        throw FormatError.damaged(path, "it has \(ByteCount(file.size)), far more than it can need")
      }
      try limit.check(file.size, for: path)
      return file
    } catch let error as FormatError where error.kind == .missing {
      return nil
    }
  }
}

/// What the dimensions of a Zarr array mean: by OME's description, its own attributes, or the names
/// of its dimensions.
struct ZarrMeaning {
  /// Axis letters in the file's order; nil where nothing says what they are.
  let axes: String?
  private let found: ZarrStore.Found
  private let units: [String?]

  init(_ found: ZarrStore.Found) {
    self.found = found
    let list = found.multiscale?["axes"]?.array ?? []
    // Names alone (OME-Zarr 0.3), or records with a unit.
    let named = list.map { $0["name"]?.string ?? $0.string ?? "" }
    units = list.map { $0["unit"]?.string }
    let own = found.array.attributes["axes"]?.string?.map { String($0) }
    let candidates = [named, own ?? [], found.array.names ?? []]
    axes =
      candidates.lazy.compactMap { ZarrMeaning.letters($0, count: found.array.shape.count) }
      .first
  }

  private static func letters(_ names: [String], count: Int) -> String? {
    let letters = names.map { $0.uppercased() }
    guard count > 0, letters.count == count, Set(letters).count == count,
      letters.allSatisfy({ $0.count == 1 && AxisOrder.canonical.contains($0) })
    else { return nil }
    return letters.joined()
  }

  /// Adds voxel size, unit, origin and channel names.
  func complete(_ info: inout ImageInfo, fileAxes: String) {
    let attributes = found.array.attributes
    let spatialAxes = info.spatialAxes
    func own(_ name: String) -> [Double]? {
      let numbers = attributes[name]?.array?.compactMap(\.number) ?? []
      return numbers.count == spatialAxes.count && !numbers.isEmpty ? numbers : nil
    }
    let letters = Array(fileAxes)
    func spatial(_ numbers: [Double]?) -> [Double]? {
      guard let numbers, numbers.count == letters.count else { return nil }
      let byAxis = Dictionary(zip(letters, numbers), uniquingKeysWith: { first, _ in first })
      return spatialAxes.map { byAxis[$0] ?? 0 }
    }
    if let voxel = own("voxel") ?? spatial(transformation("scale")),
      voxel.allSatisfy({ $0 > 0 && $0.isFinite })
    {
      let units = zip(letters, units).filter { "ZYX".contains($0.0) }.map(\.1)
      let unit = units.first ?? nil
      let isOne = Set(units).count <= 1
      // Without a unit a scale of 1 says nothing.
      if own("voxel") != nil || unit != nil || voxel.contains(where: { $0 != 1 }) {
        info.voxel = voxel
        info.unit =
          attributes["unit"]?.string ?? (isOne ? unit.flatMap { TIFFPlanes.unitName($0) } : nil)
      }
    }
    if let origin = own("origin") ?? spatial(transformation("translation")),
      origin.allSatisfy(\.isFinite)
    {
      info.origin = origin
    }
    let names = attributes["channels"]?.array?.compactMap(\.string) ?? found.channels ?? []
    if let axis = info.dimension(of: "C"), names.count == info.shape[axis] { info.channels = names }
    for note in ["provenance", "description"] {
      info.header?.notes[note] = attributes[note]?.string
    }
  }

  private func transformation(_ type: String) -> [Double]? {
    let list = found.dataset?["coordinateTransformations"]?.array ?? []
    return list.first { $0["type"]?.string == type }?[type]?.array?.compactMap(\.number)
  }
}
