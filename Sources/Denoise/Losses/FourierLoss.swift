import TensorEngine

/// The error in a band of spatial frequencies: a guard for fine detail, which holds so little of
/// the power that the mean squared error hardly sees it go.
///
/// Works on the pixels that the loss looks at, the others being zero in prediction and target alike,
/// so that it stays blind where a mask makes the loss blind.
public struct FourierLoss: LossTerm {
  public enum Measure: String, Sendable, CaseIterable {
    /// Squared error of the band's coefficients: over all frequencies it is the mean squared error.
    case error
    /// 1 minus the Fourier shell correlation, the mean over the shells of the band: every shell
    /// counts alike, however little power it has, and no scale is preferred.
    case correlation
  }

  /// In cycles a pixel; an upper end of 0.5 takes the corners beyond Nyquist in.
  public let band: ClosedRange<Double>
  public let measure: Measure
  /// Shells that a correlation is taken over.
  private static let shells = 8

  /// - Throws: `DenoiseError` for a band that is empty or outside 0...0.5.
  public init(band: ClosedRange<Double> = 0.25...0.5, measure: Measure = .error) throws {
    guard band.lowerBound >= 0, band.upperBound <= 0.5, band.lowerBound < band.upperBound else {
      throw DenoiseError(
        "a band lies between 0 and 0.5 cycles a pixel, not at "
          + "\(band.lowerBound.plain) ... \(band.upperBound.plain)")
    }
    self.band = band
    self.measure = measure
  }

  public var description: String {
    let measure = self.measure == .error ? "" : ", measure=\(self.measure.rawValue)"
    return "fourier(band=[\(band.lowerBound.plain), \(band.upperBound.plain)]\(measure))"
  }

  public func value(prediction: Node, target: Node, hidden: Node) throws -> Node {
    let space = Array(prediction.shape.dropFirst(2))
    guard !space.isEmpty else { throw DenoiseError("no space to transform") }
    let axes = Array(3..<3 + space.count)
    func spectrum(_ x: Node) throws -> Node {
      try (x * hidden).complex().fourier(axes: axes)
    }
    let frequencies = FrequencyGrid(shape: space).magnitudes
    switch measure {
    case .error:
      let weights = frequencies.map { isInBand($0) ? Float(1) : 0 }
      let chosen = prediction.graph.constant(try Tensor(weights, shape: space))
      let power = try (spectrum(prediction - target).square() * chosen).sum()
      return try power / Double(space.product) / hidden.sum().maximum(1)
    case .correlation:
      let shells = prediction.graph.constant(
        try Tensor(shells(frequencies), shape: [space.product, FourierLoss.shells]))
      let (f, y) = (try spectrum(prediction), try spectrum(target))
      func summed(_ x: Node) throws -> Node {
        try x.sum(axes: [0, 1, 2]).reshape([1, space.product]).product(shells)
      }
      let scale = try (summed(f.square()) * summed(y.square()) + 1e-12).sqrt()
      return try 1 - (summed(f * y) / scale).mean()
    }
  }

  private func isInBand(_ frequency: Float) -> Bool {
    Double(frequency) >= band.lowerBound - 1e-6
      && (band.upperBound > 0.5 - 1e-9 || Double(frequency) <= band.upperBound + 1e-6)
  }

  /// For each frequency, 1 in the column of its shell.
  private func shells(_ frequencies: [Float]) -> [Float] {
    let width = (band.upperBound - band.lowerBound) / Double(FourierLoss.shells)
    return frequencies.flatMap { frequency -> [Float] in
      var row = [Float](repeating: 0, count: FourierLoss.shells)
      guard isInBand(frequency) else { return row }
      let place = Int((Double(frequency) - band.lowerBound) / width)
      row[min(max(0, place), FourierLoss.shells - 1)] = 1
      return row
    }
  }
}
