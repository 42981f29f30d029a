/// A map from grey values to colours, as 256 entries.
public struct Colormap: Sendable, Equatable {
  public let name: String
  /// 256 colours, from the lowest value to the highest.
  public let entries: [RGB]
  /// The colour of pixels that are no number.
  public let missing: RGB

  /// Names that `init(named:)` takes.
  public static let names = [
    "gray", "viridis", "magma", "inferno", "plasma", "cividis", "turbo", "difference",
  ]

  /// - Throws: `GraphicsError` where no map has that name.
  public init(named name: String) throws {
    switch name {
    case "gray", "grey": self = .gray
    case "viridis": self.init(name, table: Colormap.viridisTable)
    case "magma": self.init(name, table: Colormap.magmaTable)
    case "inferno": self.init(name, table: Colormap.infernoTable)
    case "plasma": self.init(name, table: Colormap.plasmaTable)
    case "cividis": self.init(name, table: Colormap.cividisTable)
    case "turbo": self.init(name, table: Colormap.turboTable)
    case "difference": self = .difference
    default:
      throw GraphicsError(
        "there is no colour map \"\(name)\"",
        hint: "one of \(Colormap.names.joined(separator: ", "))")
    }
  }

  /// Black to white; pixels that are no number are red.
  public static let gray = Colormap(
    "gray", entries: (0...255).map { RGB(UInt8($0), UInt8($0), UInt8($0)) },
    missing: RGB(0xd6, 0x27, 0x28))

  /// Blue for negative, white for zero, red for positive: ColorBrewer's RdBu with 11 classes
  /// (C. Brewer), reversed, interpolated between its classes.
  public static let difference: Colormap = {
    let classes: [UInt32] = [
      0x053061, 0x2166ac, 0x4393c3, 0x92c5de, 0xd1e5f0, 0xf7f7f7, 0xfddbc7, 0xf4a582, 0xd6604d,
      0xb2182b, 0x67001f,
    ]
    let knots = classes.map { Color(hex: $0) }
    let entries = (0...255).map { entry in
      let place = Double(entry) / 255 * Double(knots.count - 1)
      let low = min(Int(place), knots.count - 2)
      let t = place - Double(low)
      let a = knots[low]
      let b = knots[low + 1]
      return Color(
        a.red + (b.red - a.red) * t, a.green + (b.green - a.green) * t,
        a.blue + (b.blue - a.blue) * t
      ).bytes
    }
    return Colormap("difference", entries: entries, missing: RGB(0x80, 0x80, 0x80))
  }()

  private init(_ name: String, entries: [RGB], missing: RGB) {
    self.name = name
    self.entries = entries
    self.missing = missing
  }

  /// A map from a table of hexadecimal digits, six an entry.
  private init(_ name: String, table: String) {
    let digits = table.compactMap(\.hexDigitValue)
    let bytes = stride(from: 0, to: digits.count - 1, by: 2).map {
      UInt8(digits[$0] * 16 + digits[$0 + 1])
    }
    let entries = stride(from: 0, to: bytes.count - 2, by: 3).map {
      RGB(bytes[$0], bytes[$0 + 1], bytes[$0 + 2])
    }
    self.init(name, entries: entries, missing: RGB(0x80, 0x80, 0x80))
  }
}
