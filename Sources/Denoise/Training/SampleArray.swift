import TensorEngine

/// One sample of a training, [channels, space…], or numbers for each of its pixels, [space…]: in
/// memory, or read from its file patch by patch.
public struct SampleArray: Sendable {
  public let shape: [Int]
  private var storage: Storage

  private enum Storage: Sendable {
    case memory(Tensor)
    /// `lead` fixes the axes before those of the sample.
    case file(any ImageSource, lead: [Range<Int>], scale: IntensityScale?)
    /// 1 inside boxes, 0 elsewhere.
    case boxes([Box])
  }

  public init(_ tensor: Tensor) {
    shape = tensor.shape
    storage = .memory(tensor)
  }

  /// A sample of a file whose axes are samples, channels and space, in this order.
  ///
  /// - Parameter lead: one index for each axis of samples.
  init(_ source: any ImageSource, lead: [Int], shape: [Int]) {
    self.shape = shape
    storage = .file(source, lead: lead.map { $0..<$0 + 1 }, scale: nil)
  }

  /// Zeros, to be marked.
  init(unmarked shape: [Int]) {
    self.shape = shape
    storage = .boxes([])
  }

  /// Whether it is read from a file.
  public var isStreamed: Bool { if case .file = storage { true } else { false } }
  public var count: Int { shape.product }
  public var rank: Int { shape.count }

  /// Sets a box of an array that began unmarked to 1.
  mutating func mark(_ box: Box) {
    guard case .boxes(let boxes) = storage else { return }
    storage = .boxes(boxes + [box])
  }

  /// All elements; of a file, read whole.
  public func tensor() throws -> Tensor {
    try patch(Box(origin: shape.map { _ in 0 }, size: shape))
  }

  /// The elements of a box.
  ///
  /// - Throws: `DenoiseError` where the box lies outside; what reading a file throws.
  func patch(_ box: Box) throws -> Tensor {
    guard box.fits(shape) else {
      throw DenoiseError("no patch of \(box.size.asShape) in \(shape.asShape)")
    }
    switch storage {
    case .memory(let tensor):
      return try Tensor(box.values(of: tensor.values, shape: shape), shape: box.size)
    case .file(let source, let lead, let scale):
      var block = lead + zip(box.origin, box.end).map { $0..<$1 }
      // A file without an axis of channels has one.
      if source.shape.count < block.count { block.remove(at: lead.count) }
      let part = try Tensor(source.values(in: block), shape: box.size)
      return try scale?.applied(to: part.reshaped([1] + part.shape)).reshaped(box.size) ?? part
    case .boxes(let boxes):
      var part = Tensor(repeating: 0, shape: box.size)
      part.modify { values in
        for other in boxes {
          guard let common = box.intersection(other) else { continue }
          common.forEachRow(in: box.size) { row in
            for index in row { values[index] = 1 }
          }
        }
      }
      return part
    }
  }

  /// The same on the scale that a network sees; of a file, each patch when it is read.
  func scaled(by scale: IntensityScale) throws -> SampleArray {
    var copy = self
    switch storage {
    case .memory(let tensor):
      let scaled = try scale.applied(to: tensor.reshaped([1] + shape)).reshaped(shape)
      copy.storage = .memory(scaled)
    case .file(let source, let lead, _): copy.storage = .file(source, lead: lead, scale: scale)
    case .boxes: break
    }
    return copy
  }

  /// Calls `body` with all elements of a channel, piece by piece.
  func forEachPiece(ofChannel channel: Int, _ body: ([Float]) throws -> Void) throws {
    let space = Array(shape.dropFirst())
    // Whole rows of the first axis of space, a few million elements at once.
    let inner = space.dropFirst().product
    let each = max(1, (1 << 22) / max(1, inner))
    for start in stride(from: 0, to: space.first ?? 0, by: each) {
      try Interrupt.check()
      var size = [1] + space
      size[1] = min(each, space[0] - start)
      try body(
        patch(Box(origin: [channel, start] + space.dropFirst().map { _ in 0 }, size: size)).values)
    }
  }
}

extension Box {
  /// Where the other box overlaps, in coordinates of this one; nil for nowhere.
  func intersection(_ other: Box) -> Box? {
    let start = zip(origin, other.origin).map { max($0, $1) }
    let size = zip(start, zip(end, other.end)).map { min($1.0, $1.1) - $0 }
    guard size.allSatisfy({ $0 > 0 }) else { return nil }
    return Box(origin: zip(start, origin).map { $0 - $1 }, size: size)
  }
}
