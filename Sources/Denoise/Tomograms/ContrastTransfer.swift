import TensorEngine

/// The contrast transfer function of an electron microscope in one dimension, as the field's tomogram
/// programs have it (tom toolbox, Warp, IsoNet): positive at low frequencies.
public struct ContrastTransfer: Sendable, Equatable {
  /// Underfocus, in micrometres.
  public var defocus: Double
  /// Acceleration voltage, in kV.
  public var voltage = 300.0
  /// Spherical aberration, in mm.
  public var aberration = 2.7
  /// Share of amplitude contrast.
  public var amplitude = 0.07
  /// Phase shift of a phase plate, in degrees.
  public var phaseShift = 0.0

  public init(defocus: Double) { self.defocus = defocus }

  /// Wavelength of the electrons, in ångström.
  public var wavelength: Double {
    let volts = voltage * 1e3
    return 12.2643247 / (volts * (1 + volts * 0.978466e-6)).squareRoot()
  }

  /// The transfer at a spatial frequency in 1/ångström.
  public func value(at frequency: Double) -> Double {
    let square = frequency * frequency
    let spherical = aberration * 1e7 * wavelength * wavelength * wavelength * square * square
    let focus = 2 * defocus * 1e4 * wavelength * square
    let phase = Double.pi / 2 * (spherical - focus) - phaseShift * Double.pi / 180
    return amplitude * Elementary.cos(phase)
      - (1 - amplitude * amplitude).squareRoot() * Elementary.sin(phase)
  }
}
