import TensorEngine

/// The Wiener-like deconvolution of Warp (Tegunov and Cramer 2019) and IsoNet (Liu et al. 2022), which
/// gives a tomogram back the contrast of its coarse parts.
///
/// With f from 0 to 1 at Nyquist: hp = 1 - cos(pi min(1, f / highpass)), snr = exp(-100 f falloff /
/// voxel) 10^strength hp + 1e-6, W = CTF / (CTF^2 + 1 / snr). The result has the mean and the standard
/// deviation of what it was made from.
public struct Deconvolution: Sendable {
  public var transfer: ContrastTransfer
  /// How quickly the signal-to-noise ratio falls with frequency.
  public var falloff = 1.0
  /// Its height, as a power of ten.
  public var strength = 1.0
  /// Share of Nyquist below which coarse changes are held back.
  public var highpass = 0.02
  /// Whether the phases are flipped already, so that the CTF counts without its sign.
  public var isFlipped = false

  /// - Throws: `DenoiseError` for values that make no filter.
  public init(_ transfer: ContrastTransfer) throws {
    guard transfer.voltage > 0, (0...1).contains(transfer.amplitude), transfer.defocus.isFinite
    else {
      throw DenoiseError(
        "no microscope has \(transfer.voltage.plain) kV, an amplitude contrast of "
          + "\(transfer.amplitude.plain) and a defocus of \(transfer.defocus.plain) um")
    }
    self.transfer = transfer
  }

  /// The filter at a share of Nyquist, for a voxel size in ångström.
  public func gain(at share: Double, voxel: Double) -> Double {
    let turn = highpass > 0 ? min(1, share / highpass) : 1
    let rising = 1 - Elementary.cos(Double.pi * turn)
    let snr =
      Elementary.exp(-100 * share * falloff / voxel) * Elementary.pow(10, strength) * rising + 1e-6
    let value = transfer.value(at: share / (2 * voxel))
    let ctf = isFlipped ? abs(value) : value
    return ctf / (ctf * ctf + 1 / snr)
  }

  /// Filters a tomogram or picture, each sample on its own.
  ///
  /// - Throws: `DenoiseError` where the voxel size is not known in a unit of length; `Interrupted`.
  public func applied(to image: Image) throws -> Image {
    guard let voxel = image.voxel?.max(), let factor = Deconvolution.angstrom[image.unit ?? "A"]
    else {
      throw DenoiseError(
        "the image has no voxel size in a unit of length, so the CTF is not known",
        hint: "say it in A: `voxel=10`")
    }
    let planes = try Planes(of: image)
    let shares = FrequencyGrid(of: image).nyquistShares
    // The filter is smooth: a table is as good as the formula, and quicker.
    let steps = 4096
    let table = (0...steps).map { step in
      Float(gain(at: Double(step) / Double(steps), voxel: voxel * factor))
    }
    let results = try (0..<planes.count).map { plane -> [Float] in
      let values = planes.values(plane)
      var spectrum = try Spectrum(of: values, shape: planes.spatial)
      spectrum.multiply { index in
        let place = min(1, shares[index]) * Float(steps)
        let low = Int(place)
        let rest = place - Float(low)
        return table[low] * (1 - rest) + table[min(steps, low + 1)] * rest
      }
      let filtered = try spectrum.realPart()
      let (before, after) = (values.meanAndDeviation, filtered.meanAndDeviation)
      let scale = after.deviation > 0 ? before.deviation / after.deviation : 0
      return filtered.map { Float((Double($0) - after.mean) * scale + before.mean) }
    }
    var result = try planes.assembled(results)
    result.stored = .float32
    return result
  }

  private static let angstrom = ["A": 1.0, "nm": 10, "um": 1e4, "pm": 0.01]
}
