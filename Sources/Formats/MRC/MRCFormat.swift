import TensorEngine

/// MRC and CCP4 maps: electron microscopy's volumes, images and stacks.
public struct MRCFormat: Format {
  public let name = "mrc"
  public let summary = "MRC/CCP4 map, image or stack of electron microscopy"
  public let endings = ["mrc", "mrcs", "map", "rec", "st", "ali", "preali", "ccp4"]

  public init() {}

  /// By the mark `MAP`; files from before the mark by their ending and a sensible header.
  public func recognises(_ head: FileHead) -> Bool {
    if head.has(Array("MAP".utf8), at: MRCHeader.Word.mapMark.rawValue) { return true }
    guard endings.contains(head.ending), !head.isText else { return false }
    if ContentGuess.knows(head) { return false }
    if head.bytes.count < MRCHeader.length { return true }
    return MRCHeader(Array(head.bytes.prefix(MRCHeader.length))) != nil
  }

  public func open(_ source: ByteSource, _ options: LoadOptions) throws -> Opened {
    .image(try MRCReader(source, options))
  }

  public func write(
    _ content: Content, to file: OutputFile, _ options: SaveOptions
  ) throws -> SaveReport {
    try MRCWriter(image(of: content, for: file), path: file.path, options).write(to: file)
  }
}
