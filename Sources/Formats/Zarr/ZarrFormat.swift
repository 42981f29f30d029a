import TensorEngine

/// Zarr arrays of version 2 and 3, OME-Zarr images among them: a folder with a file a chunk.
public struct ZarrFormat: FolderFormat {
  public let name = "zarr"
  public let summary = "Zarr array or OME-Zarr image, version 2 or 3 (key= names one inside)"
  public let endings = ["zarr"]

  public init() {}

  func recognises(folder: String) -> Bool { StoreFolder.isStore(folder) }

  func open(folder: String, _ options: LoadOptions) throws -> any ImageReader {
    try ZarrReader(ZarrStore.find(folder, key: options.key), folder, options)
  }

  func writer(
    _ info: ImageInfo, to folder: OutputFolder, _ options: SaveOptions
  ) throws -> any ImageWriter { try ZarrWriter(info, to: folder, options) }
}
