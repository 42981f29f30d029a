import Denoise

/// What the program is, and what it writes into files about what it did.
public enum Provenance {
  public static let version = "0.1.0"

  /// One line, the same for the same work: no time, no place.
  static func line(_ model: TrainedModel? = nil) -> String {
    let did = model.map { ": denoised, method \($0.method), seed \($0.seed)" } ?? ""
    return "dn \(version)\(did)"
  }
}
