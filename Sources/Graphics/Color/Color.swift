/// A colour by its components from 0 to 1, in sRGB.
public struct Color: Sendable, Equatable {
  public var red: Double
  public var green: Double
  public var blue: Double
  public var alpha: Double

  public init(_ red: Double, _ green: Double, _ blue: Double, alpha: Double = 1) {
    self.red = red
    self.green = green
    self.blue = blue
    self.alpha = alpha
  }

  /// A colour as the web writes it: `0x1f77b4`.
  public init(hex: UInt32, alpha: Double = 1) {
    self.init(
      Double(hex >> 16 & 255) / 255, Double(hex >> 8 & 255) / 255, Double(hex & 255) / 255,
      alpha: alpha)
  }

  public static let white = Color(1, 1, 1)
  public static let black = Color(0, 0, 0)
  /// Text and axes.
  public static let ink = Color(hex: 0x1a1a1a)
  /// Secondary text.
  public static let faded = Color(hex: 0x5f5f5f)
  /// Grid lines.
  public static let grid = Color(hex: 0xe3e3e3)
  /// Marks upon pictures: regions, cross lines.
  public static let mark = Color(hex: 0xffc20a)

  /// Colours of the series of a plot, told apart by the colour-blind too
  /// (M. Okabe and K. Ito, 2008; yellow left out, as it is lost on white).
  public static let series = [
    0x0072b2, 0xd55e00, 0x009e73, 0xcc79a7, 0xe69f00, 0x56b4e9, 0x000000,
  ].map { Color(hex: $0) }

  public func with(alpha: Double) -> Color {
    Color(red, green, blue, alpha: alpha)
  }

  /// The components as bytes, alpha left out.
  public var bytes: RGB {
    func byte(_ part: Double) -> UInt8 { UInt8(max(0, min(255, (part * 255).rounded()))) }
    return RGB(byte(red), byte(green), byte(blue))
  }
}

/// A colour as three bytes.
public struct RGB: Sendable, Equatable, Hashable {
  public let red: UInt8
  public let green: UInt8
  public let blue: UInt8

  public init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// Luma after ITU-R BT.601, from 0 to 255.
  public var luma: Double {
    0.299 * Double(red) + 0.587 * Double(green) + 0.114 * Double(blue)
  }
}
