import TensorEngine

/// An OME-Zarr image being written: its only scale is the array `0`. Images with an axis of samples,
/// which OME does not know, are a group with that array all the same.
final class ZarrWriter: ImageWriter {
  let goesOn = false

  /// Rows and columns of a chunk, which is one plane deep.
  private static let side = 512

  private let info: ImageInfo
  private let folder: OutputFolder
  private let codec: NumberCodec
  private let packing: ZarrCodec?
  private let isThird: Bool
  private let chunk: [Int]
  private var report: SaveReport
  /// Rows that do not fill a row of chunks yet, by the number of that row.
  private var bands: [Int: Band] = [:]

  private struct Band {
    var values: [Float]
    var missing: Int
  }

  private var height: Int { info.shape.count < 2 ? 1 : info.shape[info.shape.count - 2] }
  private var width: Int { info.shape.last ?? 1 }
  /// Rows of chunks in a plane.
  private var bandCount: Int { (height + ZarrWriter.side - 1) / ZarrWriter.side }

  init(_ info: ImageInfo, to folder: OutputFolder, _ options: SaveOptions) throws {
    self.info = info
    self.folder = folder
    let type = try NumberType(real: options.dtype ?? info.stored, folder.path)
    codec = NumberCodec(type)
    switch options.compression ?? .zstd {
    case .none: packing = nil
    case .zstd: packing = .zstd
    case .blosc: packing = .blosc
    case .deflate: packing = .gzip
    case .lzw:
      throw FormatError(
        .badRequest, "Zarr chunks are not packed with lzw: \"\(folder.path)\"",
        hint: "use compress=zstd, blosc, deflate or none")
    }
    guard [nil, 2, 3].contains(options.version) else {
      throw FormatError(
        .badRequest, "there is no version \(options.version ?? 0) of Zarr: \"\(folder.path)\"",
        hint: "use version=2 or version=3")
    }
    isThird = options.version == 3
    chunk = info.shape.enumerated().map { axis, size in
      axis < info.shape.count - 2 ? 1 : max(1, min(size, ZarrWriter.side))
    }
    report = SaveReport(stored: type.stored)
    let metadata = ZarrMetadata(
      info: info, type: type, chunk: chunk, packing: packing, provenance: options.provenance)
    for (name, text) in isThird ? metadata.third : metadata.second {
      try folder.write(Array(text.utf8), to: name)
    }
  }

  func write(_ values: ArraySlice<Float>, row first: Int) throws {
    var (row, position) = (first, values.startIndex)
    while position < values.endIndex {
      try Interrupt.check()
      let inPlane = row % height
      let start = inPlane / ZarrWriter.side * ZarrWriter.side
      let rows = min(ZarrWriter.side, height - start)
      let count = min(rows - (inPlane - start), (values.endIndex - position) / max(1, width))
      if count == 0 { break }
      let number = row / height * bandCount + start / ZarrWriter.side
      let part = values[position..<position + count * width]
      if count == rows {
        try write(part, band: number, rows: rows)
      } else {
        var band =
          bands.removeValue(forKey: number)
          ?? Band(values: [Float](repeating: 0, count: rows * width), missing: rows)
        band.values.replaceSubrange(
          (inPlane - start) * width..<(inPlane - start + count) * width, with: part)
        band.missing -= count
        if band.missing == 0 {
          try write(band.values[...], band: number, rows: rows)
        } else {
          bands[number] = band
        }
      }
      row += count
      position += count * width
    }
  }

  /// Writes a row of chunks; those at the border are filled up with zeros.
  private func write(_ values: ArraySlice<Float>, band: Int, rows: Int) throws {
    var rest = band / bandCount
    let outer = info.shape.dropLast(2).map { $0 }.strides.map { stride in
      defer { rest %= stride }
      return rest / stride
    }
    let (deep, wide) = (chunk.count < 2 ? 1 : chunk[chunk.count - 2], chunk.last ?? 1)
    for column in 0..<(width + wide - 1) / wide {
      let columns = min(wide, width - column * wide)
      var block = [Float](repeating: 0, count: deep * wide)
      for row in 0..<rows {
        let from = values.startIndex + row * width + column * wide
        block.replaceSubrange(
          row * wide..<row * wide + columns, with: values[from..<from + columns])
      }
      let bytes = codec.encode(block[...], losses: &report.losses)
      let place = (outer + [band % bandCount, column]).suffix(info.shape.count)
      try folder.write(
        packing?.packed(bytes, size: codec.type.size) ?? bytes, to: "0/" + key(Array(place)))
    }
  }

  private func key(_ place: [Int]) -> String {
    let text = place.map(String.init)
    if text.isEmpty { return isThird ? "c" : "0" }
    return (isThird ? "c/" : "") + text.joined(separator: "/")
  }

  func finish() throws -> SaveReport { report }
}

/// The texts that describe an array: OME-Zarr 0.4 around version 2, 0.5 around version 3.
struct ZarrMetadata {
  let info: ImageInfo
  let type: NumberType
  let chunk: [Int]
  let packing: ZarrCodec?
  let provenance: String?

  /// Names and contents of files.
  var second: [(name: String, text: String)] {
    let code = NPYHeader.code(type, .little)
    let array = [
      "\"zarr_format\": 2", "\"shape\": \(list(info.shape))", "\"chunks\": \(list(chunk))",
      "\"dtype\": \"\(code)\"", "\"compressor\": \(compressor)", "\"fill_value\": 0",
      "\"order\": \"C\"", "\"filters\": null", "\"dimension_separator\": \"/\"",
    ]
    return [
      (".zgroup", "{\"zarr_format\": 2}\n"),
      (".zattrs", object(multiscales(version: "0.4"))),
      ("0/.zarray", object(array)),
      ("0/.zattrs", object(attributes + ["\"_ARRAY_DIMENSIONS\": \(dimensions)"])),
    ]
  }

  var third: [(name: String, text: String)] {
    var codecs = ["{\"name\": \"bytes\", \"configuration\": {\"endian\": \"little\"}}"]
    switch packing {
    case .zstd:
      codecs.append("{\"name\": \"zstd\", \"configuration\": {\"level\": 3, \"checksum\": false}}")
    case .gzip: codecs.append("{\"name\": \"gzip\", \"configuration\": {\"level\": 6}}")
    case .blosc:
      codecs.append(
        "{\"name\": \"blosc\", \"configuration\": {\"cname\": \"zstd\", \"clevel\": 5, "
          + "\"shuffle\": \"shuffle\", \"typesize\": \(type.size), \"blocksize\": 0}}")
    default: break
    }
    let separator = "\"configuration\": {\"separator\": \"/\"}"
    let array = [
      "\"zarr_format\": 3", "\"node_type\": \"array\"", "\"shape\": \(list(info.shape))",
      "\"data_type\": \"\(type.rawValue)\"",
      "\"chunk_grid\": {\"name\": \"regular\", \"configuration\": {\"chunk_shape\": \(list(chunk))}}",
      "\"chunk_key_encoding\": {\"name\": \"default\", \(separator)}",
      "\"fill_value\": \(type == .bool ? "false" : "0")",
      "\"codecs\": [\(codecs.joined(separator: ", "))]",
      "\"dimension_names\": \(dimensions)", "\"attributes\": \(object(attributes))",
    ]
    let group = [
      "\"zarr_format\": 3", "\"node_type\": \"group\"",
      "\"attributes\": {\"ome\": \(object(["\"version\": \"0.5\""] + multiscales(version: nil)))}",
    ]
    return [("zarr.json", object(group)), ("0/zarr.json", object(array))]
  }

  /// OME's description; none where the axes are not all of OME's.
  private func multiscales(version: String?) -> [String] {
    guard info.axes.allSatisfy({ "TCZYX".contains($0) }), info.axes.hasSuffix("YX") else {
      return []
    }
    let spatial = info.spatialAxes.count
    let unit = info.voxel == nil ? nil : info.unit.flatMap { ZarrMetadata.units[$0] }
    let axes = info.axes.map { letter -> String in
      let name = "\"name\": \"\(letter.lowercased())\""
      switch letter {
      case "T": return "{\(name), \"type\": \"time\"}"
      case "C": return "{\(name), \"type\": \"channel\"}"
      default:
        return "{\(name), \"type\": \"space\"\(unit.map { ", \"unit\": \"\($0)\"" } ?? "")}"
      }
    }
    func full(_ numbers: [Double]?, other: Double) -> String {
      let own = numbers.flatMap { $0.count == spatial ? $0 : nil }
      let lead = [Double](repeating: other, count: info.axes.count - spatial)
      return list(lead + (own ?? [Double](repeating: other, count: spatial)))
    }
    var steps = ["{\"type\": \"scale\", \"scale\": \(full(info.voxel, other: 1))}"]
    if info.origin != nil {
      steps.append(
        "{\"type\": \"translation\", \"translation\": \(full(info.origin, other: 0))}")
    }
    var members = [
      "\"name\": \"image\"", "\"axes\": [\(axes.joined(separator: ", "))]",
      "\"datasets\": [{\"path\": \"0\", \"coordinateTransformations\": [\(steps.joined(separator: ", "))]}]",
    ]
    if let version { members.insert("\"version\": \"\(version)\"", at: 0) }
    var result = ["\"multiscales\": [\(object(members))]"]
    if let names = info.channels, info.axes.contains("C") {
      let channels = names.map {
        "{\"label\": \(JSON.quoted($0)), \"color\": \"FFFFFF\", \"window\": "
          + "{\"min\": 0, \"max\": 1, \"start\": 0, \"end\": 1}, \"active\": true}"
      }
      result.append("\"omero\": {\"channels\": [\(channels.joined(separator: ", "))]}")
    }
    return result
  }

  /// What this program reads first.
  private var attributes: [String] {
    var members = ["\"axes\": \(JSON.quoted(info.axes))"]
    if let voxel = info.voxel {
      members.append("\"voxel\": \(list(voxel))")
      if let unit = info.unit { members.append("\"unit\": \(JSON.quoted(unit))") }
    }
    if let origin = info.origin { members.append("\"origin\": \(list(origin))") }
    if let channels = info.channels {
      members.append("\"channels\": [\(channels.map(JSON.quoted).joined(separator: ", "))]")
    }
    if let provenance { members.append("\"provenance\": \(JSON.quoted(provenance))") }
    return members
  }

  private var compressor: String {
    switch packing {
    case .zstd: "{\"id\": \"zstd\", \"level\": 3}"
    case .gzip: "{\"id\": \"gzip\", \"level\": 6}"
    case .blosc:
      "{\"id\": \"blosc\", \"cname\": \"zstd\", \"clevel\": 5, \"shuffle\": 1, \"blocksize\": 0}"
    default: "null"
    }
  }

  private var dimensions: String {
    "[\(info.axes.map { "\"\($0.lowercased())\"" }.joined(separator: ", "))]"
  }

  private func list(_ numbers: [Int]) -> String {
    "[\(numbers.map(String.init).joined(separator: ", "))]"
  }

  private func list(_ numbers: [Double]) -> String {
    "[\(numbers.map { $0.isFinite ? "\($0)" : "0" }.joined(separator: ", "))]"
  }

  private func object(_ members: [String]) -> String {
    "{\(members.joined(separator: ", "))}"
  }

  private static let units = [
    "A": "angstrom", "nm": "nanometer", "um": "micrometer", "mm": "millimeter", "pm": "picometer",
  ]
}
