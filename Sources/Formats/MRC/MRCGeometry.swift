import TensorEngine

/// The size, axes, cell and origin words of a header to be written.
struct MRCGeometry {
  private(set) var header: MRCHeader
  /// The file's dimensions and how they come from the image's.
  let order: AxisOrder
  private(set) var notes: [String] = []
  /// Sections of the file that the header came from; nil for a new header.
  private let sectionsBefore: Int?

  /// - Parameter kept: The header that the image came with.
  init(_ image: ImageInfo, _ kept: MRCHeader?, _ path: String) throws {
    header = kept ?? MRCHeader()
    sectionsBefore = kept.map { $0.size[2] }
    let isVolume = image.axes == "ZYX"
    let numbers =
      isVolume && header.axisNumbers.sorted() == [1, 2, 3] ? header.axisNumbers : [1, 2, 3]
    let letters = numbers.reversed().map { ["X", "Y", "Z"][$0 - 1] as Character }
    order = MRCGeometry.order(image, volumeAxes: String(letters))
    let shape = order.fileShape
    let sections: Int
    switch image.axes {
    case "YX": sections = 1
    case "ZYX", "SYX", "TYX", "CYX": sections = shape[0]
    case "SZYX", "TZYX", "CZYX": sections = shape[0] * shape[1]
    default:
      throw FormatError(
        .badRequest,
        "an MRC file holds images, volumes and stacks of them, not \(image.axes): \"\(path)\"",
        hint: "save as TIFF, NPY or HDF5, or save a part such as image[c=0]")
    }
    let size = [shape[shape.count - 1], shape[shape.count - 2], sections]
    guard size.allSatisfy({ (1...Int(Int32.max)).contains($0) }) else {
      throw FormatError(
        .badRequest, "an MRC file cannot hold a shape of \(image.shape.asShape): \"\(path)\"")
    }
    if image.axes.contains("C") || image.axes.contains("T") {
      notes.append("an MRC file does not name its stack's axis: \(image.axes) reads back with S")
    }
    setSampling(image, size: size, numbers: numbers)
    setCell(image)
    header.setTriple(.size, size)
    header.setTriple(.axes, numbers)
    setSpaceGroup(image)
  }

  /// What of an extended header still holds: symmetry always, notes on sections while their
  /// number stays.
  func takeExtendedHeader(_ extended: [UInt8], _ report: inout SaveReport) -> [UInt8] {
    if extended.isEmpty { return [] }
    let isSymmetry = header.extendedType == "CCP4" || header.extendedType.isEmpty
    if isSymmetry || sectionsBefore == header.size[2] { return extended }
    report.notes.append(
      "the extended header (\(header.extendedType)) was left out: it describes "
        + "\(sectionsBefore ?? 0) sections, the file now has \(header.size[2])")
    return []
  }

  private static func order(_ image: ImageInfo, volumeAxes: String) -> AxisOrder {
    guard image.axes == "ZYX" else {
      return AxisOrder(fileAxes: image.axes, fileShape: image.shape)
    }
    let sizes = Dictionary(zip(image.axes, image.shape), uniquingKeysWith: { first, _ in first })
    return AxisOrder(fileAxes: volumeAxes, fileShape: volumeAxes.map { sizes[$0] ?? 1 })
  }

  /// The grid of the unit cell: the array's own, but where a crystal's was different, that one.
  private mutating func setSampling(_ image: ImageInfo, size: [Int], numbers: [Int]) {
    let before = header.triple(.sampling)
    let sizeBefore = header.size
    var sampling = [1, 1, 1]
    for (position, axis) in numbers.enumerated() {
      let wasOwn = before[axis - 1] == sizeBefore[position] || before[axis - 1] <= 0
      let isKept =
        sectionsBefore != nil && !wasOwn && image.axes == "ZYX" && header[.spaceGroup] > 0
      sampling[axis - 1] = isKept ? before[axis - 1] : size[position]
    }
    switch image.axes {
    case "ZYX": break
    case let axes where axes.count == 4: sampling[2] = image.shape[1]
    default: sampling[2] = 1
    }
    // The cell grows and shrinks with its grid, so that the voxel size stays.
    let voxel = MRCLayout.voxel(header)
    header.setTriple(.sampling, sampling)
    header.setTriple(.cell, floats: zip(voxel, sampling).map { $0 * Double($1) })
  }

  /// Voxel size and origin in ångström.
  private mutating func setCell(_ image: ImageInfo) {
    let spatial = image.axes.filter { "ZYX".contains($0) }
    let factor = MRCGeometry.angstrom[image.unit ?? "A"] ?? 1
    if let unit = image.unit, MRCGeometry.angstrom[unit] == nil, image.voxel != nil {
      notes.append("the voxel size has the unit \"\(unit)\", an MRC file only ångström")
    }
    if let voxel = image.voxel, voxel.count == spatial.count {
      var sizes = MRCLayout.voxel(header)
      for (axis, size) in zip(spatial, voxel) { sizes[MRCGeometry.index(axis)] = size * factor }
      // A stack's pictures have no depth of their own.
      if !spatial.contains("Z"), sectionsBefore == nil { sizes[2] = sizes[0] }
      header.setTriple(
        .cell, floats: zip(sizes, header.triple(.sampling)).map { $0 * Double($1) })
    }
    guard let origin = image.origin, origin.count == spatial.count else { return }
    let before = MRCLayout.origin(header)
    var place = before
    for (axis, value) in zip(spatial, origin) { place[MRCGeometry.index(axis)] = value * factor }
    let isSame = zip(place, before).allSatisfy { abs($0 - $1) <= 1e-5 * max(1, abs($1)) }
    if !isSame { header.setTriple(.origin, floats: place) }
  }

  private mutating func setSpaceGroup(_ image: ImageInfo) {
    switch image.axes {
    case "ZYX":
      if !(1...230).contains(header[.spaceGroup]) { header[.spaceGroup] = 1 }
    case let axes where axes.count == 4: header[.spaceGroup] = 401
    default: header[.spaceGroup] = 0
    }
  }

  private static let angstrom = ["A": 1.0, "nm": 10, "um": 1e4, "mm": 1e7, "pm": 0.01]

  private static func index(_ axis: Character) -> Int {
    switch axis {
    case "X": 0
    case "Y": 1
    default: 2
    }
  }
}
