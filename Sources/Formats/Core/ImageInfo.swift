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

  init(
    format: String, source: ByteSource, order: AxisOrder, stored: StoredType,
    header: FileHeader? = nil
  ) {
    self.format = format
    path = source.path
    packing = source.packing
    shape = order.shape
    axes = order.axes
    self.stored = stored
    self.header = header
  }

  /// Sizes by name, such as `Z`; used to keep what belongs to spatial axes in step.
  var spatialAxes: String { axes.filter { "ZYX".contains($0) } }
}
