import TensorEngine

/// What is known of an image before its elements are read.
public struct ImageInfo: Sendable {
  /// Name of the format, such as `"mrc"`.
  public var format: String
  public var path: String
  public var packing: Packing
  /// Slowest dimension first, in the order of `axes`.
  public var shape: [Int]
  /// One letter a dimension, always in the order `STCZYX`.
  public var axes: String
  public var stored: StoredType
  /// Voxel size along the spatial axes, in the order of `axes`; nil where the file does not say.
  public var voxel: [Double]?
  /// Unit of `voxel` and `origin`: `"A"`, `"nm"`, `"um"`.
  public var unit: String?
  public var origin: [Double]?
  public var header: FileHeader?
  public var channels: [String]?
  /// The least and the greatest finite element, where they are known.
  public var extent: ClosedRange<Float>?

  init(
    format: String, source: ByteSource, order: AxisOrder, stored: StoredType,
    header: FileHeader? = nil
  ) {
    self.init(format: format, path: source.path, order: order, stored: stored, header: header)
    packing = source.packing
  }

  init(
    format: String, path: String, order: AxisOrder, stored: StoredType, header: FileHeader? = nil
  ) {
    self.format = format
    self.path = path
    packing = .none
    shape = order.shape
    axes = order.axes
    self.stored = stored
    self.header = header
  }

  /// What is known of an image, for writing it.
  public init(_ image: Image) {
    format = ""
    path = image.path ?? ""
    packing = .none
    shape = image.shape
    axes = image.axes
    stored = image.stored
    voxel = image.voxel
    unit = image.unit
    origin = image.origin
    header = image.header
    channels = image.channels
    extent = image.tensor.values.extent
  }

  /// The dimension of an axis letter.
  func dimension(of axis: Character) -> Int? {
    axes.firstIndex(of: axis).map { axes.distance(from: axes.startIndex, to: $0) }
  }

  /// Sizes by name, such as `Z`; used to keep what belongs to spatial axes in step.
  var spatialAxes: String { axes.filter { "ZYX".contains($0) } }
}

extension [Float] {
  /// The least and the greatest finite number; nil where there is none.
  var extent: ClosedRange<Float>? {
    var (low, high) = (Float.infinity, -Float.infinity)
    for value in self where value.isFinite {
      low = Swift.min(low, value)
      high = Swift.max(high, value)
    }
    return low <= high ? low...high : nil
  }
}
