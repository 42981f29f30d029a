import TensorEngine

/// An open Zarr array: a folder with a file a chunk.
final class ZarrReader: ImageReader {
  let info: ImageInfo
  private(set) var notes: [String]

  private let array: ZarrArray
  private let folder: String
  private let order: AxisOrder
  private let limit: MemoryLimit
  private var cache = ChunkCache()

  init(_ found: ZarrStore.Found, _ path: String, _ options: LoadOptions) throws {
    array = found.array
    folder = found.folder
    limit = options.limit
    var notes = found.notes
    let meaning = ZarrMeaning(found)
    let guess = try ArrayAxes.guess(shape: array.shape, type: array.codec.type, path: path)
    let axes = try options.axes(for: array.shape, or: meaning.axes ?? guess.axes)
    if options.axes == nil, meaning.axes == nil { notes += guess.notes }
    order = AxisOrder(fileAxes: axes, fileShape: array.shape)
    self.notes = notes
    // One chunk must fit.
    try options.limit.check(shape: array.inner + [2], for: path)
    var info = ImageInfo(
      format: "zarr", path: path, order: order, stored: array.codec.type.stored,
      header: FileHeader(format: "zarr", notes: ["array": found.name]))
    if options.axes == nil { meaning.complete(&info, fileAxes: axes) }
    self.info = info
  }

  func values(in region: Region) throws -> [Float] {
    let block = order.inFile(region)
    var values = [Float](repeating: 0, count: block.shape.product)
    if values.isEmpty { return values }
    let places = zip(block.ranges, array.inner).map { range, size in
      range.lowerBound / size..<(range.upperBound + size - 1) / size
    }
    var counter = OuterIndex(places.map(\.count))
    repeat {
      try Interrupt.check()
      let place = zip(counter.index, places).map { $0 + $1.lowerBound }
      let chunk = try chunk(at: place)
      copy(chunk, at: place, of: block, into: &values)
    } while counter.advance()
    return order.toImage(values, shape: block.shape)
  }

  /// Copies what a chunk and a block have in common; nil stands for a chunk that was never written.
  private func copy(
    _ chunk: [Float]?, at place: [Int], of block: Region, into values: inout [Float]
  ) {
    let start = zip(place, array.inner).map { $0 * $1 }
    let common = zip(zip(start, array.inner), block.ranges).map { chunk, range in
      max(chunk.0, range.lowerBound)..<min(chunk.0 + chunk.1, range.upperBound)
    }
    let (from, to) = (array.inner.strides, block.shape.strides)
    let run = common.last?.count ?? 1
    var counter = OuterIndex(common.dropLast().map(\.count))
    repeat {
      var (source, target) = (0, 0)
      for axis in common.indices {
        let index = common[axis].lowerBound + (axis < counter.index.count ? counter.index[axis] : 0)
        source += (index - start[axis]) * from[axis]
        target += (index - block.ranges[axis].lowerBound) * to[axis]
      }
      if let chunk {
        values.replaceSubrange(target..<target + run, with: chunk[source..<source + run])
      } else {
        for index in target..<target + run { values[index] = array.fill }
      }
    } while counter.advance()
  }

  /// The numbers of a chunk, row-major; nil where there is no such file.
  private func chunk(at place: [Int]) throws -> [Float]? {
    if let known = cache[place] { return known }
    guard let packed = try bytes(at: place) else { return nil }
    let count = array.innerCount * array.codec.type.size
    var bytes = packed
    for (step, codec) in array.packing.enumerated().reversed() {
      // Checksums stand behind what the inner steps made.
      let more = array.packing[..<step].count { $0 == .crc32c } * 4
      let room = step == 0 ? count : max(count, count + count / 8) + 1024
      bytes = try codec.unpacked(bytes, room: room + more, info.path)
    }
    guard bytes.count == count else {
      throw FormatError.damaged(
        info.path,
        "its chunk \(array.key(place)) has \(ByteCount(bytes.count)) in the place of "
          + "\(ByteCount(count))")
    }
    var values = array.codec.decode(bytes)
    if array.order != Array(array.order.indices) {
      var inverse = array.order
      for (axis, dimension) in array.order.enumerated() { inverse[dimension] = axis }
      values = AxisOrder.permuted(
        values, shape: array.order.map { array.inner[$0] }, order: inverse)
    }
    cache[place] = values
    return values
  }

  /// A chunk as it is stored, from its own file or from its shard.
  private func bytes(at place: [Int]) throws -> [UInt8]? {
    let file = zip(place, zip(array.chunk, array.inner)).map { $0 / ($1.0 / $1.1) }
    guard
      let source = try ZarrStore.file(
        "\(folder)/\(array.key(file))", limit: array.chunk.product * array.codec.type.size, limit)
    else { return nil }
    guard let index = array.index else {
      return try source.bytes(at: 0, upTo: source.size, path: info.path)
    }
    let counts = zip(array.chunk, array.inner).map { $0 / $1 }
    let inside = zip(place, counts).map { $0 % $1 }
    let number = zip(inside, counts.strides).reduce(0) { $0 + $1.0 * $1.1 }
    let size = counts.product * 16
    let stored = size + 4 * index.packing.count { $0 == .crc32c }
    guard index.packing.allSatisfy({ $0 == .crc32c }), stored <= source.size else {
      throw FormatError.damaged(info.path, "its shard \(array.key(file)) has no list of chunks")
    }
    var list = try source.bytes(
      at: index.isAtEnd ? source.size - stored : 0, upTo: stored, path: info.path)
    for codec in index.packing.reversed() {
      list = try codec.unpacked(list, room: stored, info.path)
    }
    func word(_ position: Int) -> UInt64 {
      list[position..<position + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
    let (offset, length) = (word(number * 16), word(number * 16 + 8))
    if offset == .max, length == .max { return nil }
    guard let start = Int(exactly: offset), let count = Int(exactly: length),
      !start.addingReportingOverflow(count).overflow, start + count <= source.size
    else {
      throw FormatError.damaged(info.path, "its shard \(array.key(file)) lists a chunk outside")
    }
    return try source.bytes(at: start, upTo: count, path: info.path)
  }
}

/// The chunks that were unpacked last, as far as they take little memory.
private struct ChunkCache {
  private static let room = 1 << 27
  private var chunks: [[Int]: [Float]] = [:]
  private var order: [[Int]] = []
  private var bytes = 0

  subscript(place: [Int]) -> [Float]? {
    get { chunks[place] }
    set {
      guard let newValue, chunks[place] == nil else { return }
      chunks[place] = newValue
      order.append(place)
      bytes += newValue.count * MemoryLayout<Float>.size
      var old = 0
      while bytes > ChunkCache.room, old + 1 < order.count {
        bytes -= (chunks.removeValue(forKey: order[old])?.count ?? 0) * MemoryLayout<Float>.size
        old += 1
      }
      order.removeFirst(old)
    }
  }
}
