import TensorEngine

/// `grid(width=4)`: Noise2Self's `Masker`, after Batson & Royer 2019 (czbiohub/noise2self
/// `mask.py`).
///
/// One pixel of each cell of width^d is hidden, the same in all cells: a phase. Training draws a
/// phase each step and never the last one, which is kept for validation.
public struct GridMask: Mask {
  /// Which phase is hidden.
  public enum Phase: Sendable, Equatable {
    /// Drawn evenly from all but the last.
    case drawn
    case fixed(Int)
  }

  public let width: Int
  public let fill: Fill
  public let phase: Phase

  /// Neighbours' weights where hidden pixels are interpolated: in 2-D
  /// [.5 1 .5; 1 0 1; .5 1 .5] / 6, in 1-D [.5 0 .5].
  static let taps: [Float] = [1, 2, 1]

  /// - Throws: `DenoiseError` for a width below 2, with which nothing would stay visible.
  public init(width: Int = 4, fill: Fill = .interpolate, phase: Phase = .drawn) throws {
    guard (2...256).contains(width) else {
      throw DenoiseError("width must be 2 ... 256, not \(width)")
    }
    self.width = width
    self.fill = fill
    self.phase = phase
  }

  public var description: String {
    "grid(width=\(width), fill=\(fill.rawValue)"
      + (phase == .drawn ? "" : ", phase=\(phaseText)") + ")"
  }

  private var phaseText: String {
    if case .fixed(let index) = phase { return String(index) }
    return "drawn"
  }

  /// How many phases there are: width^d.
  public func phases(dimensions: Int) -> Int {
    (0..<max(0, dimensions)).reduce(1) { total, _ in total * width }
  }

  /// The mask that hides one phase, for a prediction assembled phase by phase. Phases count modulo
  /// their number, so -1 is the last.
  public func hiding(phase: Int) -> GridMask { GridMask(self, phase: .fixed(phase)) }

  public var validation: any Mask { hiding(phase: -1) }

  private init(_ other: GridMask, phase: Phase) {
    width = other.width
    fill = other.fill
    self.phase = phase
  }

  public func check(spatial: [Int]) throws {
    guard spatial.allSatisfy({ $0 >= width }) else {
      throw DenoiseError(
        "a patch of \(spatial.asShape) is smaller than the grid's width \(width)",
        hint: "use a larger patch or grid(width=\(max(2, spatial.min() ?? 2)))")
    }
  }

  public func hide(in sample: inout MaskedSample, stream: inout RandomStream) {
    let dimensions = sample.spatial.count
    let count = phases(dimensions: dimensions)
    let index: Int
    switch phase {
    case .drawn: index = stream.int(below: count - 1)
    case .fixed(let fixed): index = ((fixed % count) + count) % count
    }
    let offsets = Array(repeating: width, count: dimensions).position(of: index)
    let cells = zip(sample.spatial, offsets).map { ($0 - $1 + width - 1) / width }
    let strides = sample.spatial.strides
    for cell in 0..<cells.product {
      let place = zip(cells.position(of: cell), offsets).map { $0 * width + $1 }
      sample.hide(zip(place, strides).reduce(0) { $0 + $1.0 * $1.1 })
    }
    sample.fillHidden(fill, taps: GridMask.taps)
  }
}
