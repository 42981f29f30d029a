import Formats
import Graphics
import Lang

extension Context {
  /// Writes a figure to a file, says so, and keeps it for the report.
  ///
  /// - Throws: `GraphicsError`.
  func write(_ figure: some Figure, to path: String, label: String = "") throws {
    let kind = try PictureKind(path: path)
    let bytes = try figure.encoded(as: kind)
    transcript.add(Transcript.Picture(kind.forTranscript, bytes, label: label))
    guard writesFiles else { return }
    try PictureFile.replace(path, with: bytes)
    note("wrote \(path)")
  }

  /// Shows a figure in the terminal as text; a report shows it as it is drawn.
  ///
  /// - Parameter text: ends in a newline or not.
  func show(
    _ text: String, label: String = "", as kind: PictureKind,
    drawing make: @escaping () throws -> [UInt8]
  ) {
    let line = text.last == "\n" ? String(text.dropLast()) : text
    show(
      line,
      as: Transcript.Picture(kind.forTranscript, label: label) { (try? make()) ?? [] })
  }
}

extension PictureKind {
  var forTranscript: Transcript.Picture.Kind { self == .png ? .png : .svg }
}
