/// How units of length are written: `Å` for `A`, `µm` for `um`.
public enum UnitSymbol {
  /// The symbol of a unit by any of its names; other units are written as they are named.
  public static func of(_ unit: String) -> String { known(unit) ?? unit }

  /// The symbol of a unit of length; nil for others.
  static func known(_ unit: String) -> String? { symbols[unit] }

  private static let symbols = [
    "A": "Å", "Å": "Å", "angstrom": "Å", "nm": "nm", "um": "µm", "µm": "µm", "μm": "µm",
    "micron": "µm", "mm": "mm", "m": "m",
  ]
}
