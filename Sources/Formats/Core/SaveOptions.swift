import TensorEngine

/// How a file is to be written.
public struct SaveOptions: Sendable {
  /// Compression inside the file, for formats that have a choice.
  public enum Compression: String, Sendable, CaseIterable {
    case none, deflate, lzw, zstd, blosc
  }

  /// Type of the elements; nil for the type the image was stored as.
  public var dtype: StoredType?
  public var compression: Compression?
  /// Whether a file that is there may be replaced.
  public var overwrite: Bool
  /// Data set to write (HDF5).
  public var key: String?
  /// One line of what was done, written into the file: an MRC label, a PNG or TIFF description.
  /// Without time or place, so that the same work gives the same bytes.
  public var provenance: String?
  /// Version of the format, where it has several that are written (Zarr 2 and 3).
  public var version: Int?
  /// Memory that may be used by formats that must have all elements at once.
  public var limit = MemoryLimit.machine

  public init(
    dtype: StoredType? = nil, compression: Compression? = nil, overwrite: Bool = false,
    key: String? = nil, provenance: String? = nil
  ) {
    self.dtype = dtype
    self.compression = compression
    self.overwrite = overwrite
    self.key = key
    self.provenance = provenance
  }
}

/// What was written, and what the user should know about it.
public struct SaveReport: Sendable {
  public var path = ""
  /// Name of the format.
  public var format = ""
  /// Type of the elements in the file; nil where the file holds no array.
  public var stored: StoredType?
  public var losses = Losses()
  /// Size on the disk in bytes.
  public var bytes = 0
  /// What happened that the user may not expect, a sentence each.
  public var notes: [String] = []

  public init(stored: StoredType? = nil) { self.stored = stored }

  /// Adds to the notes how many values did not fit.
  mutating func noteLosses() {
    guard let stored else { return }
    if losses.clipped > 0 {
      notes.append(
        "\(losses.clipped) value\(losses.clipped == 1 ? "" : "s") outside the range of "
          + "\(stored.rawValue) \(losses.clipped == 1 ? "was" : "were") clipped")
    }
    if losses.notNumbers > 0 {
      notes.append(
        "\(losses.notNumbers) value\(losses.notNumbers == 1 ? "" : "s") that "
          + "\(losses.notNumbers == 1 ? "is" : "are") not a number became 0")
    }
  }
}
