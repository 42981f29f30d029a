import TensorEngine

/// HDF5 files: arrays by name, read block by block.
public struct HDF5Format: StreamedFormat {
  public let name = "hdf5"
  public let summary = "HDF5 array, stack or sparse matrix (key= names the data set)"
  public let endings = ["h5", "hdf5", "hdf", "h5ad", "nxs", "emd"]

  public let wantsName = true

  public init() {}

  /// By its signature, which may stand behind a user's block of 512, 1024 … bytes.
  public func recognises(_ head: FileHead) -> Bool {
    let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]
    return ([0] + (9...16).map { 1 << $0 }).contains { head.has(signature, at: $0) }
  }

  public func open(_ source: ByteSource, _ options: LoadOptions) throws -> Opened {
    guard source.packing == .none else {
      throw FormatError(
        .unsupported, "\"\(source.path)\" is an HDF5 file packed as a whole",
        hint: "unpack it first, as with `gunzip`")
    }
    let file = try HDF5File(source.path)
    let selection = try HDF5Selection(file, key: options.key)
    switch selection.choice {
    case .array(let dataset):
      return .image(try HDF5Reader(dataset, source, options, notes: selection.notes))
    case .sparse(let group):
      return .image(try SparseReader(group, file, source, options, notes: selection.notes))
    }
  }

  func writer(
    _ info: ImageInfo, to file: OutputFile, _ options: SaveOptions
  ) throws -> any ImageWriter { try HDF5Writer(info, to: file, options) }
}
