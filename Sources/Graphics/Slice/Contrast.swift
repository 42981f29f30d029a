import TensorEngine

/// How grey values become shades: which value is drawn as black and which as white.
public enum Contrast: Sendable, Equatable {
  /// What fits the data: 0 to 255 for images stored with 8 bits, so that pictures look as they are
  /// and different pictures can be compared; else the percentiles 0.5 and 99.5.
  case automatic
  /// These values; the first larger than the second inverts the picture.
  case range(Double, Double)
  /// These percentiles (0 to 100) of the finite values shown.
  case percentile(Double, Double)

  /// The window for values that are to be shown together.
  ///
  /// - Throws: `GraphicsError` where the two bounds are equal or are no numbers.
  public func window(of values: [Float], stored: StoredType) throws -> Window {
    switch self {
    case .range(let low, let high):
      guard low.isFinite, high.isFinite, low != high else {
        throw GraphicsError(
          "a contrast range needs two different numbers, not [\(NumberText.general(low)), "
            + "\(NumberText.general(high))]",
          hint: "range=[darkest, brightest]")
      }
      return Window(low: low, high: high)
    case .percentile(let low, let high):
      guard (0...100).contains(low), (0...100).contains(high), low != high else {
        throw GraphicsError(
          "contrast percentiles are two different numbers from 0 to 100, not "
            + "[\(NumberText.general(low)), \(NumberText.general(high))]",
          hint: "percentile=[1, 99]")
      }
      return Contrast.spread(values, low, high)
    case .automatic:
      if stored == .uint8 { return Window(low: 0, high: 255) }
      if stored == .bit { return Window(low: 0, high: 1) }
      return Contrast.spread(values, 0.5, 99.5)
    }
  }

  /// A constant image is drawn as mid-grey, half a unit to either side.
  private static func spread(_ values: [Float], _ low: Double, _ high: Double) -> Window {
    guard let bounds = Percentile.of(values, [low, high]) else { return Window(low: 0, high: 1) }
    if bounds[0] != bounds[1] { return Window(low: bounds[0], high: bounds[1]) }
    // Nearly everything has one value, as in a mask: its extremes are what can be seen.
    if let ends = Percentile.of(values, [0, 100]), ends[0] != ends[1] {
      return low < high
        ? Window(low: ends[0], high: ends[1]) : Window(low: ends[1], high: ends[0])
    }
    return Window(low: bounds[0] - 0.5, high: bounds[0] + 0.5)
  }
}

/// The grey values drawn as black (`low`) and as white (`high`).
public struct Window: Sendable, Equatable {
  public let low: Double
  public let high: Double

  public init(low: Double, high: Double) {
    self.low = low
    self.high = high
  }

  /// The shade of a value, from 0 to `top`: linear, rounded to the nearest, clipped.
  /// Nil for a value that is no number; infinities are clipped.
  public func shade(_ value: Float, top: Int) -> Int? {
    guard !value.isNaN else { return nil }
    let part = (Double(value) - low) / (high - low)
    return Int((max(0, min(1, part)) * Double(top)).rounded())
  }
}

extension Plane {
  /// The plane as a picture of 8 bits. Colour planes are drawn as they are, without the map.
  ///
  /// Pixels that are no number take the map's colour for missing values.
  public func raster(_ window: Window, _ map: Colormap) -> Raster {
    let area = width * height
    var pixels = [UInt8](repeating: 0, count: area * 3)
    for i in 0..<area {
      let color = channels == 1 ? shade(i, window, map) : colors(i, area, window, map)
      pixels[3 * i] = color.red
      pixels[3 * i + 1] = color.green
      pixels[3 * i + 2] = color.blue
    }
    return Raster(trusted: pixels, width: width, height: height)
  }

  private func shade(_ i: Int, _ window: Window, _ map: Colormap) -> RGB {
    window.shade(values[i], top: 255).map { map.entries[$0] } ?? map.missing
  }

  private func colors(_ i: Int, _ area: Int, _ window: Window, _ map: Colormap) -> RGB {
    guard let red = window.shade(values[i], top: 255),
      let green = window.shade(values[i + area], top: 255),
      let blue = window.shade(values[i + 2 * area], top: 255)
    else { return map.missing }
    return RGB(UInt8(red), UInt8(green), UInt8(blue))
  }
}
