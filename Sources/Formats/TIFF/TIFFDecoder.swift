import TensorEngine

/// Turns the rows of a page into numbers, with palettes and alpha seen to.
struct TIFFDecoder {
  /// How a sample is stored; nil for unsigned numbers that are no whole bytes.
  let number: NumberType?
  /// Axes of a page in the file's order: `YX`, `YXC` or `CYX`.
  let planeAxes: String
  let planeShape: [Int]
  /// Names of the page's channels.
  let channels: [String]?
  private(set) var notes: [String] = []

  /// Reds, greens, blues; nil where values are taken as they are.
  private let palette: [UInt16]?
  /// Samples of a pixel that are kept.
  private let kept: Int

  init(_ series: TIFFSeries, _ file: TIFFFile, _ planes: TIFFPlanes, _ options: LoadOptions) throws
  {
    let page = series.page
    number = try page.number(path: file.path)
    let usesPalette = page.photometric == .palette && !planes.ignoresPalette && page.samples == 1
    palette =
      usesPalette && page.bits <= 8
      ? try file.palette(series.pages[0], bits: page.bits) : nil
    let dropsAlpha = page.hasAlpha && !options.alpha
    kept = palette != nil ? 3 : page.samples - (dropsAlpha ? 1 : 0)
    if dropsAlpha { notes.append("the alpha channel was left out; alpha=true keeps it") }
    if palette != nil { notes.append("its palette was turned into red, green and blue") }
    if page.photometric == .whiteIsZero { notes.append("0 stands for white in this file") }
    if number == nil, page.bits > 1 {
      notes.append("stored in \(page.bits) bits: values run from 0 to \(1 << page.bits - 1)")
    }
    let plane = [page.height, page.width]
    if kept == 1 {
      (planeAxes, planeShape) = ("YX", plane)
    } else if page.isPlanar {
      (planeAxes, planeShape) = ("CYX", [kept] + plane)
    } else {
      (planeAxes, planeShape) = ("YXC", plane + [kept])
    }
    let isColour = palette != nil || page.photometric == .rgb
    let names = ["red", "green", "blue"] + (page.hasAlpha && options.alpha ? ["alpha"] : [])
    channels = isColour && names.count == kept ? names : nil
  }

  /// A block of a page in the file's order.
  func values(
    _ block: Region, of index: Int, _ page: TIFFPage, _ file: TIFFFile
  ) throws -> [Float] {
    let isPlanar = planeAxes == "CYX"
    let rows = block.ranges[isPlanar ? 1 : 0]
    let columns = block.ranges[isPlanar ? 2 : 1]
    let samples = planeAxes == "YX" ? 0..<1 : block.ranges[isPlanar ? 0 : 2]
    if isPlanar {
      return try samples.flatMap { plane in
        cut(
          try decoded(rows, of: index, page, file, plane: plane), width: page.width, columns,
          samples: 1, keep: 0..<1)
      }
    }
    let values = try decoded(rows, of: index, page, file, plane: 0)
    if let palette { return coloured(values, palette, page, columns, samples) }
    return cut(
      values, width: page.width, columns, samples: page.samplesInPlane, keep: samples)
  }

  /// How numbers lie, and which rows a block of a page takes, where it takes whole rows whose bytes
  /// are the numbers.
  func plainRows(_ block: Region, of page: TIFFPage) -> (number: NumberType, rows: Range<Int>)? {
    guard let number, palette == nil, kept == page.samples, planeAxes != "CYX",
      Array(block.shape.dropFirst()) == Array(planeShape.dropFirst()),
      page.rowBytes == page.width * page.samples * number.size
    else { return nil }
    return (number, block.ranges[0])
  }

  /// Whole rows as numbers.
  private func decoded(
    _ rows: Range<Int>, of index: Int, _ page: TIFFPage, _ file: TIFFFile, plane: Int
  ) throws -> [Float] {
    let perRow = page.width * page.samplesInPlane
    let bits = perRow.multipliedReportingOverflow(by: page.bits)
    guard !bits.overflow, page.rowBytes >= (bits.partialValue + 7) / 8 else {
      throw FormatError.damaged(file.path, "the rows of its page \(index + 1) are too short")
    }
    let bytes = try file.rows(rows, of: index, page, plane: plane)
    guard let number else { return unpacked(bytes, page, rows.count, perRow) }
    if page.rowBytes == perRow * number.size {
      return NumberCodec(number, order: .host).decode(bytes)
    }
    // Rows may be padded.
    return (0..<rows.count).flatMap { row in
      let start = row * page.rowBytes
      return NumberCodec(number, order: .host).decode(
        Array(bytes[start..<(start + perRow * number.size)]))
    }
  }

  /// Numbers of some bits, the first in the highest bits; rows begin with a byte.
  private func unpacked(_ bytes: [UInt8], _ page: TIFFPage, _ rows: Int, _ perRow: Int) -> [Float] {
    var values: [Float] = []
    values.reserveCapacity(rows * perRow)
    for row in 0..<rows {
      var position = row * page.rowBytes
      var (pool, filled) = (UInt32(0), 0)
      for _ in 0..<perRow {
        while filled < page.bits {
          pool = pool << 8 | UInt32(bytes[position])
          position += 1
          filled += 8
        }
        filled -= page.bits
        values.append(Float(pool >> UInt32(filled) & (1 << UInt32(page.bits) - 1)))
      }
    }
    return values
  }

  /// Some columns and samples of whole rows.
  private func cut(
    _ values: [Float], width: Int, _ columns: Range<Int>, samples: Int, keep: Range<Int>
  ) -> [Float] {
    if columns == 0..<width, keep == 0..<samples { return values }
    let rows = values.count / (width * samples)
    return Block.copy(
      Region([0..<rows, columns, keep]), of: values, shape: [rows, width, samples])
  }

  private func coloured(
    _ values: [Float], _ palette: [UInt16], _ page: TIFFPage, _ columns: Range<Int>,
    _ samples: Range<Int>
  ) -> [Float] {
    let entries = 1 << page.bits
    // Some programs fill only the lower half of the 16 bits.
    let shift = palette.contains { $0 > 255 } ? 8 : 0
    return cut(values, width: page.width, columns, samples: 1, keep: 0..<1).flatMap { index in
      samples.map { Float(palette[$0 * entries + min(Int(index), entries - 1)] >> UInt16(shift)) }
    }
  }
}
