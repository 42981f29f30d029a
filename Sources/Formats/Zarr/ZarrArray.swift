import TensorEngine

/// What the metadata of a Zarr array say: version 2 (`.zarray`) or 3 (`zarr.json`).
struct ZarrArray {
  let shape: [Int]
  /// Shape of a chunk that is a file: of the shards, where chunks are gathered in such.
  let chunk: [Int]
  /// Shape of the chunks inside a file; `chunk` where it holds one.
  let inner: [Int]
  let codec: NumberCodec
  /// Dimensions of the chunk in the order of the bytes, slowest first.
  let order: [Int]
  /// From the numbers outwards.
  let packing: [ZarrCodec]
  /// How the list of the chunks in a shard is packed; nil where there are no shards.
  let index: (packing: [ZarrCodec], isAtEnd: Bool)?
  let fill: Float
  /// Names of the axes, where the metadata give them.
  let names: [String]?
  let attributes: JSON
  private let prefix: String
  private let separator: String

  /// Name of the file of a chunk.
  func key(_ place: [Int]) -> String {
    if place.isEmpty { return prefix.isEmpty ? "0" : "c" }
    return prefix + place.map(String.init).joined(separator: separator)
  }

  /// Numbers in a chunk inside a file.
  var innerCount: Int { inner.product }

  /// - Parameter attributes: The content of `.zattrs`, for version 2.
  init(_ json: JSON, attributes: JSON?, path: String) throws {
    guard let sizes = json["shape"]?.array?.map(\.count), sizes.count <= 8 else {
      throw FormatError.damaged(path, "its metadata give no shape")
    }
    shape = sizes.compactMap { $0 }
    guard shape.count == sizes.count, shape.checkedProduct != nil else {
      throw FormatError.damaged(path, "its metadata give no sensible shape")
    }
    let reader = Metadata(json: json, path: path, rank: shape.count)
    if json["zarr_format"]?.count == 3 {
      var chain = try reader.chain(json["codecs"], numbers: reader.type3())
      chunk = try reader.sizes(json["chunk_grid"]?["configuration"]?["chunk_shape"])
      var list: (packing: [ZarrCodec], isAtEnd: Bool)?
      var inner = chunk
      if let shard = chain.shard {
        inner = try reader.sizes(shard["chunk_shape"])
        guard zip(chunk, inner).allSatisfy({ $0 % $1 == 0 }), chain.packing.isEmpty,
          chain.order == Array(shape.indices)
        else { throw FormatError.unsupported(path, "shards of a kind that is not read") }
        let listed = try reader.chain(
          shard["index_codecs"], numbers: NumberCodec(.uint64, order: .little))
        list = (listed.packing, shard["index_location"]?.string != "start")
        chain = try reader.chain(shard["codecs"], numbers: reader.type3())
        guard chain.shard == nil else {
          throw FormatError.unsupported(path, "shards inside shards")
        }
      }
      self.inner = inner
      (codec, order, packing, index) = (chain.numbers, chain.order, chain.packing, list)
      names = json["dimension_names"]?.array?.map { $0.string ?? "" }
      self.attributes = json["attributes"] ?? .object([])
      let keys = json["chunk_key_encoding"]
      let isOld = keys?["name"]?.string == "v2"
      prefix = isOld ? "" : "c/"
      separator = keys?["configuration"]?["separator"]?.string ?? (isOld ? "." : "/")
    } else {
      chunk = try reader.sizes(json["chunks"])
      inner = chunk
      codec = try reader.type2()
      let isFortran = json["order"]?.string == "F"
      order = isFortran ? shape.indices.reversed() : Array(shape.indices)
      packing = try reader.packing2()
      index = nil
      self.attributes = attributes ?? .object([])
      names = attributes?["_ARRAY_DIMENSIONS"]?.array?.map { $0.string ?? "" }
      prefix = ""
      separator = json["dimension_separator"]?.string ?? "."
    }
    fill = reader.fill()
    guard separator == "." || separator == "/" else {
      throw FormatError.damaged(path, "its metadata name no way to part the places of chunks")
    }
  }

  /// Reads the parts of the metadata.
  private struct Metadata {
    let json: JSON
    let path: String
    let rank: Int

    /// A chunk of more numbers than this is not believed.
    static let most = 1 << 31

    struct Chain {
      var numbers: NumberCodec
      var order: [Int]
      var packing: [ZarrCodec] = []
      var shard: JSON?
    }

    func sizes(_ list: JSON?) throws -> [Int] {
      let sizes = list?.array?.compactMap(\.count) ?? []
      guard sizes.count == rank, !sizes.contains(0), let count = sizes.checkedProduct,
        count <= Metadata.most
      else { throw FormatError.damaged(path, "its metadata give no sensible size of chunks") }
      return sizes
    }

    func type2() throws -> NumberCodec {
      guard let code = json["dtype"]?.string else {
        throw FormatError.unsupported(path, "records, not numbers")
      }
      let (type, order) = try NPYHeader.type(.string(code), path)
      return NumberCodec(type, order: order)
    }

    func type3() throws -> NumberCodec {
      let name = json["data_type"]?.string ?? "no type at all"
      guard let type = NumberType(rawValue: name) else {
        throw FormatError.unsupported(path, "elements of the type \(name)")
      }
      return NumberCodec(type)
    }

    func packing2() throws -> [ZarrCodec] {
      if let filters = json["filters"]?.array, let first = filters.first {
        throw FormatError.unsupported(
          path, "chunks filtered by \(first["id"]?.string ?? "something unknown")",
          hint: "write it without filters")
      }
      guard let compressor = json["compressor"], compressor != .null else { return [] }
      let name = compressor["id"]?.string ?? ""
      guard let codec = ZarrCodec(name: name) else { throw unknown(name) }
      return [codec]
    }

    /// The codecs of version 3: turned dimensions, then bytes or a shard, then packed bytes.
    func chain(_ list: JSON?, numbers: NumberCodec) throws -> Chain {
      var chain = Chain(numbers: numbers, order: Array(0..<rank))
      for step in list?.array ?? [] {
        let name = step["name"]?.string ?? step.string ?? ""
        let options = step["configuration"]
        switch name {
        case "transpose":
          let order = options?["order"]?.array?.compactMap(\.count) ?? []
          guard order.sorted() == Array(0..<rank) else {
            throw FormatError.damaged(path, "its metadata give no sensible order of dimensions")
          }
          chain.order = order
        case "bytes":
          chain.numbers = NumberCodec(
            numbers.type, order: options?["endian"]?.string == "big" ? .big : .little)
        case "sharding_indexed": chain.shard = options
        default:
          guard let codec = ZarrCodec(name: name) else { throw unknown(name) }
          chain.packing.append(codec)
        }
      }
      return chain
    }

    func fill() -> Float {
      switch json["fill_value"] {
      case .number(let number): Float(number)
      case .bool(let flag): flag ? 1 : 0
      case .string("NaN"): .nan
      case .string("Infinity"): .infinity
      case .string("-Infinity"): -.infinity
      default: 0
      }
    }

    private func unknown(_ name: String) -> FormatError {
      FormatError.unsupported(
        path, "chunks packed with \(name.isEmpty ? "something unknown" : name)",
        hint: "known are blosc, zstd, gzip, zlib and bz2")
    }
  }
}
