import TensorEngine

/// What a denoiser kept of an image's amplitudes, band by band: "denoised but blurred" shows as a
/// share that falls where there still was signal.
public struct AmplitudeBands: Sendable {
  /// A band of spatial frequencies.
  public struct Band: Sendable, Equatable {
    /// In 1/unit of the voxel size (cycles a pixel where that is unknown).
    public let frequencies: ClosedRange<Double>
    /// Root of the mean power, on the scale on which white noise has its standard deviation.
    public let before: Double
    public let after: Double
    /// Correlations with the truth, or with the other half; nil where there is none.
    public let correlationBefore: Double?
    public let correlationAfter: Double?

    /// Share of the amplitude that is left.
    public var kept: Double { before > 0 ? after / before : 0 }
  }

  public let bands: [Band]
  /// Unit of lengths; nil where the voxel size is not known: pixels.
  public let unit: String?

  /// - Parameters:
  ///   - reference: The truth, or the other half.
  ///   - count: Bands of equal width up to Nyquist.
  /// - Throws: `DenoiseError` where shapes differ or the space is too small; `Interrupted`.
  public init(
    before: Image, after: Image, reference: Image? = nil, mask: Image? = nil, count: Int = 5
  ) throws {
    let pair = try ImagePair(before, after, mask: mask, measured: nil)
    let sums = try pair.sums(masked: true)
    let others = try reference.map { reference in
      (
        try ImagePair(before, reference, mask: mask, measured: nil).sums(masked: true),
        try ImagePair(after, reference, mask: mask, measured: nil).sums(masked: true)
      )
    }
    let shells = pair.grid.count - 1
    let count = max(1, min(count, shells))
    let area = Double(pair.planes.a.area)
    bands = (0..<count).map { band in
      let range = (1 + band * shells / count)..<(1 + (band + 1) * shells / count)
      let elements = max(1, Double(sums.counts[range].reduce(0, +)) * area)
      func frequency(_ shell: Double) -> Double { shell * pair.grid.width }
      return Band(
        frequencies: frequency(
          Double(range.lowerBound) - 0.5)...frequency(
            Double(range.upperBound) - 0.5),
        before: (sums.first[range].reduce(0, +) / elements).squareRoot(),
        after: (sums.second[range].reduce(0, +) / elements).squareRoot(),
        correlationBefore: others.map { $0.0.correlation(over: range) },
        correlationAfter: others.map { $0.1.correlation(over: range) })
    }
    unit = pair.unit
  }
}
