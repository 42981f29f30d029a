/// An n-d picture that remembers what it is: its axes, voxel size and unit, origin, file, the
/// type it was stored as and the header it came with.
///
/// Its elements are the numbers of the file, unscaled, as single precision.
public struct Image: Sendable {
  public var tensor: Tensor
  /// One letter an axis, slowest first: `S` samples, `T` time, `C` channels, `Z` `Y` `X` space
  /// (`"YX"`, `"ZYX"`, `"CYX"`, `"SYX"` …); always as many letters as the tensor has axes.
  public let axes: String
  /// Size of a voxel along the spatial axes, in the order of `axes`; nil where unknown.
  public var voxel: [Double]?
  /// Unit of `voxel` and `origin`: `"A"`, `"nm"`, `"um"`.
  public var unit: String?
  /// Where the first voxel lies, along the spatial axes in the order of `axes`.
  public var origin: [Double]?
  /// The type of the elements in the file the image came from.
  public var stored: StoredType
  /// The file the image came from.
  public var path: String?
  /// What the file said beside its elements, kept for writing it back.
  public var header: FileHeader?
  /// Names of channels, where the file has them.
  public var channels: [String]?

  public var shape: [Int] { tensor.shape }

  /// - Throws: `TensorError` where the axes do not name each dimension exactly once.
  public init(
    _ tensor: Tensor, axes: String? = nil, voxel: [Double]? = nil, unit: String? = nil,
    origin: [Double]? = nil, stored: StoredType = .float32, path: String? = nil,
    header: FileHeader? = nil, channels: [String]? = nil
  ) throws {
    let axes = axes ?? Image.defaultAxes(rank: tensor.rank)
    guard axes.count == tensor.rank else {
      throw TensorError(
        "axes \"\(axes)\" name \(axes.count) dimensions; the data has \(tensor.rank) "
          + "(\(tensor.shape.asShape))")
    }
    guard Set(axes).count == axes.count else {
      throw TensorError("axes \"\(axes)\" name a dimension twice")
    }
    if let other = axes.first(where: { !"STCZYXQ".contains($0) }) {
      throw TensorError(
        "axis \"\(other)\" is not known", hint: "axes are letters of S, T, C, Z, Y, X (Q: unknown)")
    }
    self.tensor = tensor
    self.axes = axes
    self.voxel = voxel
    self.unit = unit
    self.origin = origin
    self.stored = stored
    self.path = path
    self.header = header
    self.channels = channels
  }

  /// Axes for data that came without: `X`, `YX`, `ZYX`, `SZYX`, `STZYX`, `STCZYX`.
  public static func defaultAxes(rank: Int) -> String {
    let space = String("ZYX".suffix(max(0, min(rank, 3))))
    return String("STC".prefix(max(0, rank - 3))) + space
  }

  /// The dimension of an axis letter.
  public func dimension(of axis: Character) -> Int? {
    axes.firstIndex(of: axis).map { axes.distance(from: axes.startIndex, to: $0) }
  }

  /// Dimensions of `Z`, `Y`, `X` that are there, in the order of `axes`.
  public var spatialDimensions: [Int] {
    axes.enumerated().filter { "ZYX".contains($0.element) }.map(\.offset)
  }

  /// The same description around other elements of the same shape.
  public func with(_ values: [Float]) throws -> Image {
    var copy = self
    copy.tensor = try Tensor(values, shape: shape)
    return copy
  }
}

/// The number types files store.
public enum StoredType: String, Sendable, CaseIterable {
  case bit, uint8, int8, uint16, int16, uint32, int32, uint64, int64, float16, float32, float64
  case complex64

  /// The range of integers of the type; nil for floating point.
  public var range: ClosedRange<Double>? {
    switch self {
    case .bit: 0...1
    case .uint8: 0...255
    case .int8: -128...127
    case .uint16: 0...65535
    case .int16: -32768...32767
    case .uint32: 0...4_294_967_295
    case .int32: -2_147_483_648...2_147_483_647
    case .uint64: 0...0x1p64
    case .int64: -0x1p63...0x1p63
    case .float16, .float32, .float64, .complex64: nil
    }
  }
}

/// What a file said beside its elements, in the file's own bytes.
public struct FileHeader: Sendable, Equatable {
  /// Name of the format that wrote it and can read it back, such as `"mrc"`.
  public let format: String
  public var bytes: [UInt8]
  /// Extended header, where the format has one.
  public var extended: [UInt8]
  /// What is known by name: description, labels, attributes.
  public var notes: [String: String]

  public init(
    format: String, bytes: [UInt8] = [], extended: [UInt8] = [], notes: [String: String] = [:]
  ) {
    self.format = format
    self.bytes = bytes
    self.extended = extended
    self.notes = notes
  }
}
