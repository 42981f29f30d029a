import TensorEngine

/// An open HDF5 data set; blocks are read from the disk as they are asked for.
final class HDF5Reader: ImageReader {
  let info: ImageInfo
  let notes: [String]

  private let dataset: HDF5Object
  private let order: AxisOrder
  /// The numbers in the file, where they need no library to be read.
  private let raw: RawArray?
  /// Leading dimensions of the data set that are counted through as one axis.
  private let merged: Int
  /// Trailing dimensions of one element that are left out.
  private let trailing: Int

  init(
    _ dataset: HDF5Object, _ source: ByteSource, _ options: LoadOptions, notes: [String]
  ) throws {
    self.dataset = dataset
    var notes = notes
    var shape = dataset.shape
    let named = try dataset.text("axes").map { $0.uppercased() }
    let isNamed =
      named.map { axes in
        axes.count == shape.count && Set(axes).count == axes.count
          && axes.allSatisfy { AxisOrder.canonical.contains($0) }
      } ?? false
    var (merged, trailing) = (shape.isEmpty ? 0 : 1, 0)
    var own = named ?? ""
    if !isNamed, options.axes == nil {
      while shape.count > 2, shape.last == 1 {
        shape.removeLast()
        trailing += 1
      }
      // Whatever comes before the pictures counts them.
      merged = max(1, shape.count - 2)
      if shape.count >= 3 {
        guard let frames = Array(shape.prefix(merged)).checkedProduct else {
          throw FormatError.damaged(source.path, "no array can have the shape \(shape.asShape)")
        }
        if merged > 1 {
          notes.append(
            "its \(shape.prefix(merged).map(String.init).joined(separator: "x")) frames were counted as one axis"
          )
        }
        shape = [frames] + shape.suffix(2)
      }
      if shape.isEmpty { merged = 0 }
      own = ["", "X", "YX", "SYX"][shape.count]
    }
    order = AxisOrder(fileAxes: try options.axes(for: shape, or: own), fileShape: shape)
    if let number = dataset.type, let offset = dataset.plainOffset {
      let array = RawArray(
        source: source, offset: offset, shape: order.fileShape,
        codec: NumberCodec(number, order: .host))
      try array.checkLength()
      raw = array
    } else {
      raw = nil
    }
    self.merged = merged
    self.trailing = trailing
    self.notes = notes
    var info = ImageInfo(
      format: "hdf5", source: source, order: order, stored: dataset.type?.stored ?? .float32,
      header: FileHeader(format: "hdf5", notes: try HDF5Reader.attributes(dataset)))
    let spatial = order.axes.filter { "ZYX".contains($0) }.count
    if let sizes = try dataset.numbers("voxel") ?? dataset.numbers("element_size_um"),
      sizes.count == spatial, sizes.allSatisfy({ $0 > 0 && $0.isFinite })
    {
      info.voxel = sizes
      info.unit = try dataset.text("unit") ?? (dataset.numbers("voxel") == nil ? "um" : nil)
    }
    if let origin = try dataset.numbers("origin"), origin.count == spatial { info.origin = origin }
    if let names = try dataset.text("channels")?.split(
      separator: "|", omittingEmptySubsequences: false
    ).map(String.init), let axis = Array(order.axes).firstIndex(of: "C"),
      names.count == order.shape[axis]
    {
      info.channels = names
    }
    self.info = info
  }

  func values(in region: Region) throws -> [Float] {
    let block = order.inFile(region)
    var values: [Float]
    if let raw {
      values = try raw.values(in: block)
    } else if merged > 1 {
      values = []
      values.reserveCapacity(block.shape.product)
      for part in HDF5Reader.parts(block.ranges[0], of: Array(dataset.shape.prefix(merged))) {
        try Interrupt.check()
        values += try dataset.floats(inDataset(part + block.ranges.dropFirst()))
      }
    } else {
      values = try dataset.floats(inDataset(block.ranges))
    }
    return order.toImage(values, shape: block.shape)
  }

  private func inDataset(_ ranges: [Range<Int>]) -> Region {
    Region(ranges + [Range<Int>](repeating: 0..<1, count: trailing))
  }

  /// A range of frames as blocks over the dimensions that count them: all of the outer ones fixed,
  /// the innermost a range.
  static func parts(_ range: Range<Int>, of shape: [Int]) -> [[Range<Int>]] {
    guard let inner = shape.last, inner > 0 else { return [] }
    var parts: [[Range<Int>]] = []
    var frame = range.lowerBound
    while frame < range.upperBound {
      let column = frame % inner
      let count = min(inner - column, range.upperBound - frame)
      var rest = frame / inner
      var index: [Range<Int>] = [column..<(column + count)]
      for size in shape.dropLast().reversed() {
        index.insert((rest % size)..<(rest % size + 1), at: 0)
        rest /= size
      }
      parts.append(index)
      frame += count
    }
    return parts
  }

  private static func attributes(_ dataset: HDF5Object) throws -> [String: String] {
    var notes = ["data set": dataset.path]
    for name in ["description", "provenance", "long_name", "units"] {
      notes[name] = try dataset.text(name)
    }
    return notes
  }
}
