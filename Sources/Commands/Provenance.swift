import Denoise
import TensorEngine

/// What the program is, and what it writes into files about what it did.
public enum Provenance {
  public static let version = "0.1.0"

  /// The same for the same work: no time, no place. Of a model's work a second line names the
  /// options.
  static func line(_ model: TrainedModel? = nil) -> String {
    guard let model else { return "dn \(version)" }
    let options = model.options.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
    return "dn \(version): denoised, method \(model.method), seed \(model.seed)"
      + (options.isEmpty ? "" : "\n\(options)")
  }

  private static let note = "dn.provenance"

  /// Notes on an image how a model made it, for when it is saved.
  static func put(_ line: String, on image: inout Image) {
    var header = image.header ?? FileHeader(format: "")
    header.notes[note] = line
    image.header = header
  }

  /// Whether an image is what a model made of another.
  static func isResult(_ image: Image) -> Bool {
    image.header?.notes[note] != nil
  }

  /// How an image was made.
  static func line(of image: Image) -> String { image.header?.notes[note] ?? line() }
}
