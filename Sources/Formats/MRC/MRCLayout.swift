import TensorEngine

/// What the dimensions of an MRC file mean: a picture, a stack of them, a volume, or a stack of
/// volumes; and the geometry that follows.
struct MRCLayout {
  /// The file's dimensions, slowest first, and how they become the image's.
  let order: AxisOrder
  /// In ångström along the image's spatial axes; nil where the header does not say.
  let voxel: [Double]?
  let origin: [Double]?
  private(set) var notes: [String] = []

  init(_ header: MRCHeader, _ source: ByteSource, _ options: LoadOptions) throws {
    let (shape, own, note) = try MRCLayout.meaning(header, source.path)
    let axes = try options.axes(for: shape, or: own)
    order = AxisOrder(fileAxes: axes, fileShape: shape)
    if axes == own, let note { notes.append(note) }
    // Sizes are those of the file's dimensions, by whatever letters these are called.
    let named = zip(axes, own).map { ($0, "ZYX".contains($1) ? $1 : $0) }
    let headers = Dictionary(named, uniquingKeysWith: { first, _ in first })
    let spatial = order.axes.filter { "ZYX".contains($0) }.map { headers[$0] ?? $0 }
    let xyz = MRCLayout.voxel(header)
    let sizes = spatial.map { MRCLayout.component($0, of: xyz) }
    let isKnown = !sizes.isEmpty && sizes.allSatisfy { $0.isFinite && $0 > 0 }
    voxel = isKnown ? sizes : nil
    if !isKnown, xyz.contains(where: { $0 < 0 }) {
      notes.append("the header's voxel size makes no sense and is left out")
    }
    let place = MRCLayout.origin(header)
    origin = place.allSatisfy(\.isFinite) ? spatial.map { MRCLayout.component($0, of: place) } : nil
  }

  /// Cell divided by sampling, in the order X, Y, Z; 0 where the header does not say.
  static func voxel(_ header: MRCHeader) -> [Double] {
    zip(header.floats(.cell), header.triple(.sampling)).map { $1 > 0 ? $0 / Double($1) : 0 }
  }

  /// Where the first voxel lies in ångström, in the order X, Y, Z: the word ORIGIN as MRC2014 has
  /// it, or where that is zero, the start indices of CCP4.
  static func origin(_ header: MRCHeader) -> [Double] {
    let origin = header.floats(.origin)
    guard origin == [0, 0, 0] else { return origin }
    var start = [0.0, 0, 0]
    for (axis, value) in zip(header.axisNumbers, header.triple(.start)) where (1...3).contains(axis)
    {
      start[axis - 1] = Double(value)
    }
    return zip(start, voxel(header)).map { $0 * max(0, $1) }
  }

  /// Picks the value of a spatial axis from a triple in the order X, Y, Z.
  static func component(_ axis: Character, of xyz: [Double]) -> Double {
    switch axis {
    case "X": xyz[0]
    case "Y": xyz[1]
    default: xyz[2]
    }
  }

  private static func meaning(
    _ header: MRCHeader, _ path: String
  ) throws -> (shape: [Int], axes: String, note: String?) {
    let size = header.size
    let (columns, rows, sections) = (size[0], size[1], size[2])
    let group = header[.spaceGroup]
    let numbers = header.axisNumbers == [0, 0, 0] ? [1, 2, 3] : header.axisNumbers
    let letters = String(numbers.reversed().map { ["X", "Y", "Z"][$0 - 1] as Character })
    let volume = ([sections, rows, columns], letters)
    guard letters == "ZYX" else { return (volume.0, volume.1, nil) }
    if group >= 401 {
      let depth = header.triple(.sampling)[2]
      guard depth > 0, sections % depth == 0 else {
        throw FormatError.damaged(
          path, "its \(sections) sections are no whole number of volumes of \(depth) sections")
      }
      return ([sections / depth, depth, rows, columns], "SZYX", nil)
    }
    if group == 0, sections == 1 { return ([rows, columns], "YX", nil) }
    let ending = PathName(path).formatEnding
    let isCube = sections == rows && rows == columns
    let isStack = group == 0 && !isCube && !["map", "rec", "ccp4"].contains(ending)
    let isNamedStack = ["mrcs", "st", "ali", "preali"].contains(ending)
    if isStack || isNamedStack {
      return (
        [sections, rows, columns], "SYX",
        group == 0 ? nil : "taken as a stack by its ending .\(ending); axes=\"ZYX\" reads a volume"
      )
    }
    return (
      volume.0, volume.1,
      group != 0
        ? nil
        : "marked as a stack, but taken as a volume by its shape or ending; axes=\"SYX\" reads a stack"
    )
  }
}
