import TensorEngine

/// Which data set of an HDF5 file is meant.
struct HDF5Selection {
  /// What was chosen: an array, or a sparse matrix in a group.
  enum Choice {
    case array(HDF5Object)
    case sparse(HDF5Object)
  }

  let choice: Choice
  private(set) var notes: [String] = []

  /// - Parameter key: A path, or its last part; nil for `/data`, `/X`, a 10x matrix, or the only
  ///   data set that could be an image.
  /// - Throws: `FormatError` of kind `badRequest` where the choice is open, with the names.
  init(_ file: HDF5File, key: String?) throws {
    if let key {
      choice = try HDF5Selection.named(key, file)
      return
    }
    for usual in ["/data", "/X", "/matrix"] {
      if let object = try file.object(usual), let choice = try HDF5Selection.choice(object, file) {
        self.choice = choice
        return
      }
    }
    let candidates = try HDF5Selection.arrays(file)
    let pictures = candidates.filter { $0.shape.filter { $0 > 1 }.count >= 2 }
    guard let only = pictures.first ?? (candidates.count == 1 ? candidates.first : nil),
      pictures.count <= 1
    else { throw HDF5Selection.openChoice(file, pictures.isEmpty ? candidates : pictures) }
    choice = .array(only)
    notes.append("read from its data set \(only.path)")
  }

  private static func named(_ key: String, _ file: HDF5File) throws -> Choice {
    let path = key.hasPrefix("/") ? key : "/\(key)"
    if let object = try file.object(path) {
      if let choice = try choice(object, file) { return choice }
      if object.isDataset {
        throw FormatError.unsupported(file.path, "no numbers in its data set \(path)")
      }
    }
    let arrays = try arrays(file)
    let ending = arrays.filter { $0.path.hasSuffix(path) }
    guard ending.count == 1 else {
      throw ending.isEmpty
        ? FormatError(
          .badRequest, "\"\(file.path)\" has no data set \"\(key)\"", hint: hint(arrays))
        : openChoice(file, ending)
    }
    return .array(ending[0])
  }

  /// An array of numbers, or a group that holds a sparse matrix; nil for anything else.
  private static func choice(_ object: HDF5Object, _ file: HDF5File) throws -> Choice? {
    if object.isDataset { return object.type == nil ? nil : .array(object) }
    let parts = try ["data", "indices", "indptr"].map { try file.object("\(object.path)/\($0)") }
    return parts.allSatisfy { $0?.type != nil } ? .sparse(object) : nil
  }

  private static func arrays(_ file: HDF5File) throws -> [HDF5Object] {
    try file.datasets().compactMap { try file.object($0) }
      .filter { $0.type != nil && !$0.shape.isEmpty }
  }

  private static func openChoice(_ file: HDF5File, _ arrays: [HDF5Object]) -> FormatError {
    arrays.isEmpty
      ? FormatError.unsupported(
        file.path, "no array of numbers", hint: "save the data as numbers where it was made")
      : FormatError(
        .badRequest, "\"\(file.path)\" has \(arrays.count) data sets: say which", hint: hint(arrays)
      )
  }

  /// The names, the largest arrays first.
  private static func hint(_ arrays: [HDF5Object]) -> String? {
    if arrays.isEmpty { return nil }
    let sorted = arrays.sorted { left, right in
      left.shape.reduce(1, &*) > right.shape.reduce(1, &*)
    }
    let names = sorted.prefix(6).map { "key=\"\($0.path)\" (\($0.shape.asShape))" }
    return "use " + names.joined(separator: ", ") + (sorted.count > 6 ? " …" : "")
  }
}
