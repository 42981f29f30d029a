import TensorEngine

/// MRC and CCP4 maps: electron microscopy's volumes, images and stacks.
public struct MRCFormat: StreamedFormat {
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

  func writer(
    _ info: ImageInfo, to file: OutputFile, _ options: SaveOptions
  ) throws -> any ImageWriter {
    let writer = try MRCWriter(info, to: file, options)
    if writer.order.isIdentity { return writer }
    // Another order of axes is kept where all of it can be turned at once.
    let whole = (info.shape + [MemoryLayout<Float>.size]).checkedProduct ?? Int.max
    guard whole <= options.limit.bytes / 2 else {
      var plain = info
      plain.header = info.header.flatMap(MRCWriter.withPlainAxes)
      let writer = try MRCWriter(plain, to: file, options)
      writer.note("the file's order of axes is now X, Y, Z: it was written piece by piece")
      return writer
    }
    return try CollectingWriter(info, options, file.path) { values in
      try writer.write(writer.order.toFile(values, shape: info.shape)[...], row: 0)
      return try writer.finish()
    }
  }
}
