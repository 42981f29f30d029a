import TensorEngine

/// An open TIFF file: its pages, or one series of them, as one image.
final class TIFFReader: ImageReader {
  let info: ImageInfo
  private(set) var notes: [String]

  private let files: TIFFFileSet
  private let page: TIFFPage
  private let planes: TIFFPlanes
  private let decoder: TIFFDecoder
  private let order: AxisOrder
  private let source: ByteSource
  /// Where all images of a single page lie together, as ImageJ writes large stacks.
  private let raw: RawArray?

  init(_ source: ByteSource, _ options: LoadOptions) throws {
    self.source = source
    let file = try TIFFFile(source, limit: options.limit)
    files = TIFFFileSet(file, limit: options.limit)
    let series = try TIFFSeries(file, key: options.key)
    page = series.page
    let (planes, isStack) = try TIFFReader.planes(series, file, source)
    self.planes = planes
    decoder = try TIFFDecoder(series, file, planes, options)
    notes = series.notes + planes.notes + decoder.notes
    let shape = planes.shape + decoder.planeShape
    // Colours and channels over pages: the pages become samples.
    var pageAxes = planes.axes
    if decoder.planeAxes.contains("C"), pageAxes.contains("C") {
      pageAxes = String(pageAxes.map { $0 == "C" ? (pageAxes.contains("S") ? "Q" : "S") : $0 })
    }
    let own = pageAxes + decoder.planeAxes
    order = AxisOrder(fileAxes: try options.axes(for: shape, or: own), fileShape: shape)
    if options.axes != nil { notes.removeAll { $0.contains("were taken as samples") } }
    raw = try TIFFReader.raw(isStack, page, decoder, shape, source)
    var info = ImageInfo(
      format: "tiff", source: source, order: order, stored: try page.stored(path: source.path),
      header: FileHeader(
        format: "tiff",
        notes: series.description.isEmpty ? [:] : ["description": series.description]))
    let sizes = info.axes.filter { "ZYX".contains($0) }.map { planes.voxel[$0] ?? 0 }
    if !sizes.isEmpty, sizes.allSatisfy({ $0 > 0 && $0.isFinite }) {
      info.voxel = sizes
      info.unit = planes.unit
    }
    info.channels = decoder.channels ?? planes.channels
    let details =
      ImageJDescription(series.description)?.details
      ?? ShapedDescription(series.description)?.details
    if options.axes == nil { details?.complete(&info) }
    self.info = info
  }

  func values(in region: Region) throws -> [Float] {
    let block = order.inFile(region)
    if block.shape.contains(0) { return [] }
    let values = try raw?.values(in: block) ?? plain(block) ?? unpacked(block)
    return order.toImage(values, shape: block.shape)
  }

  /// A block in the file's order where its pages need no unpacking and it takes whole rows of them,
  /// or nil.
  private func plain(_ block: Region) throws -> [Float]? {
    let inPlane = Region(Array(block.ranges.dropFirst(planes.shape.count)))
    guard source.packing == .none, page.rowsOffset != nil,
      let (number, rows) = decoder.plainRows(inPlane, of: page)
    else { return nil }
    var positions: [Int] = []
    for place in places(block) {
      guard place.file == nil, let start = try found(place).page.rowsOffset else { return nil }
      positions.append(start + rows.lowerBound * page.rowBytes)
    }
    return try RawRuns(
      source: source, codec: NumberCodec(number, order: page.byteOrder), count: positions.count,
      length: inPlane.shape.product
    ) { positions[$0] }.values()
  }

  /// A block in the file's order, page by page.
  private func unpacked(_ block: Region) throws -> [Float] {
    let inPlane = Region(Array(block.ranges.dropFirst(planes.shape.count)))
    var values: [Float] = []
    values.reserveCapacity(block.shape.product)
    for place in places(block) {
      try Interrupt.check()
      let (file, page) = try found(place)
      values += try decoder.values(inPlane, of: place.page, page, file)
    }
    return values
  }

  /// The pages of a block, in its order.
  private func places(_ block: Region) -> [TIFFPlanes.Place] {
    let depth = planes.shape.count
    let strides = planes.shape.strides
    var places: [TIFFPlanes.Place] = []
    var counter = OuterIndex(Array(block.shape.prefix(depth)))
    repeat {
      var index = 0
      for axis in 0..<depth {
        index += (block.ranges[axis].lowerBound + counter.index[axis]) * strides[axis]
      }
      places.append(planes.places[index])
    } while counter.advance()
    return places
  }

  /// The file of a page, and what the page says.
  ///
  /// - Throws: `FormatError` where it cannot be part of one image with the first.
  private func found(_ place: TIFFPlanes.Place) throws -> (file: TIFFFile, page: TIFFPage) {
    let file = try files.file(place.file)
    let found = try file.page(place.page)
    guard found == page else {
      throw FormatError.damaged(file.path, "its page \(place.page + 1) is unlike the first")
    }
    return (file, found)
  }

  /// The meaning of the pages, by the description of the first; whether one page stands for many.
  private static func planes(
    _ series: TIFFSeries, _ file: TIFFFile, _ source: ByteSource
  ) throws -> (planes: TIFFPlanes, isStack: Bool) {
    let page = series.page
    let places = series.pages.map { TIFFPlanes.Place(file: nil, page: $0) }
    if let imageJ = ImageJDescription(series.description) {
      let isStack = series.pages.count == 1 && imageJ.images > 1 && page.plainOffset != nil
      let count = isStack ? imageJ.images : places.count
      let planes = try imageJ.planes(
        pages: count, places: places, pixelSize: page.pixelSize, path: source.path)
      return (planes, isStack)
    }
    let name = PathName(source.path).name
    let ome = OMEDescription(series.description)?.planes(
      file: name, pages: file.pageCount, samples: page.samples)
    if let ome { return (ome, false) }
    if let shaped = ShapedDescription(series.description)?.planes(page: page, places: places) {
      return (shaped, false)
    }
    var plain = TIFFPlanes(pages: series.pages)
    if let master = OMEDescription.master(series.description) {
      plain.notes.append("this is one file of a set; load \"\(master)\" for all of it")
    } else if series.description.contains("<OME") {
      plain.notes.append("its OME metadata do not fit its pages and were left out")
    }
    return (plain, false)
  }

  private static func raw(
    _ isStack: Bool, _ page: TIFFPage, _ decoder: TIFFDecoder, _ shape: [Int], _ source: ByteSource
  ) throws -> RawArray? {
    guard isStack else { return nil }
    guard let offset = page.plainOffset, let number = decoder.number,
      decoder.planeShape.product == page.width * page.height * page.samples
    else {
      throw FormatError.unsupported(
        source.path, "a stack in a single page, of a type that is not read that way",
        hint: "save it in ImageJ as 8, 16 or 32 bits")
    }
    let array = RawArray(
      source: source, offset: offset, shape: shape,
      codec: NumberCodec(number, order: page.byteOrder))
    try array.checkLength()
    return array
  }
}

/// The files of an image: one, or the set that an OME description names, opened as they are needed.
private final class TIFFFileSet {
  private let first: TIFFFile
  private let limit: MemoryLimit
  private var latest: (name: String, file: TIFFFile)?

  init(_ first: TIFFFile, limit: MemoryLimit) {
    self.first = first
    self.limit = limit
  }

  func file(_ name: String?) throws -> TIFFFile {
    guard let name else { return first }
    if let latest, latest.name == name { return latest.file }
    // A name, not a path: a description may not lead out of the folder.
    let path = PathName(first.path).sibling(PathName(name).name)
    let file = try TIFFFile(ByteSource(path: path), limit: limit)
    latest = (name, file)
    return file
  }
}
