import TensorEngine

/// A named way to train without clean truth: a set of options, with their sources.
public struct Method: Sendable {
  public let name: String
  /// One line of help.
  public let summary: String
  public let source: String
  /// The options for data of `dimensions` axes, `channels` channels and samples of `space`.
  public let options: @Sendable (Subject) throws -> TrainingOptions

  /// What a method's options follow from.
  public struct Subject: Sendable {
    public let dimensions: Int
    public let channels: Int
    /// Sides of the smallest sample.
    public let space: [Int]
    public let samples: Int
    /// What is trained on, where it is at hand.
    private let data: TrainingData?

    public init(dimensions: Int, channels: Int, space: [Int], samples: Int) {
      self.dimensions = dimensions
      self.channels = channels
      self.space = space
      self.samples = samples
      data = nil
    }

    public init(_ data: TrainingData) {
      dimensions = data.dimensions
      channels = data.channels
      space = (0..<data.dimensions).map { axis in data.spaces.map { $0[axis] }.min() ?? 1 }
      samples = data.inputs.count
      self.data = data
    }

    /// Whether there is a target for each sample.
    var isPaired: Bool { data?.targets != nil }

    /// The noise, measured in the middle of some samples; nil where the data is not at hand, or not of
    /// a kind that is measured well: signals, or of many channels.
    ///
    /// - Throws: as reading does; `Interrupted`.
    func noise() throws -> MeasuredNoise? {
      guard let data, dimensions > 1, channels <= NoiseModel.mostChannels else { return nil }
      return try data.noise()
    }

    /// Whether neighbours share their noise, as far as can be told from the middle of some samples.
    ///
    /// - Throws: as reading does.
    func sharesNoise() throws -> Bool {
      guard let data else { return false }
      let images = try data.middles(side: dimensions == 3 ? 128 : 1024, most: 16)
      return try SteadyNoise.shared(of: images) != nil
    }

    /// Patches of a side that tile the data.
    func patches(of side: Int) -> Int {
      max(1, samples) * space.map { max(1, ($0 + side - 1) / side) }.product
    }

    /// Side of the patches of a volume: two thirds of its own, for there must be a choice of them,
    /// from 32 to 64.
    var cube: Int { min(64, max(32, (space.min() ?? 0) * 2 / 3 / 8 * 8)) }

    /// How many times a side can be halved, at most `wanted` times.
    func depth(_ wanted: Int) -> Int {
      let smallest = space.min() ?? 1
      return (0...wanted).last { smallest >> $0 >= 4 } ?? 0
    }
  }

  public static let all: [Method] = [
    auto, n2v, n2v2, structn2v, n2s, s2s, r2r, n2n, zsn2n, supervised,
  ]

  public static func named(_ name: String) -> Method? { all.first { $0.name == name } }
}
