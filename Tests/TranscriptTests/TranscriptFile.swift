import Commands
import Foundation
import Lang
import Testing

/// A transcript: what is typed, in a `.dn` file, and what is seen, in the `.out` file beside it.
struct TranscriptFile: CustomTestStringConvertible, Sendable {
  /// Path of the `.dn` file.
  let path: String

  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Transcripts").path

  /// Every transcript there is, by name.
  static func all() throws -> [TranscriptFile] {
    try FileManager.default.subpathsOfDirectory(atPath: root)
      // What begins with `_` is there to be included by others.
      .filter { $0.hasSuffix(".dn") && !$0.contains("/_") }.sorted()
      .map { TranscriptFile(path: root + "/" + $0) }
  }

  var testDescription: String { String(path.dropFirst(TranscriptFile.root.count + 1)) }

  func expected() throws -> String {
    guard FileManager.default.fileExists(atPath: output.path) else { return "" }
    return String(decoding: try Data(contentsOf: output), as: UTF8.self)
  }

  func record(_ seen: String) throws { try Data(seen.utf8).write(to: output) }

  private var output: URL {
    URL(fileURLWithPath: path).deletingPathExtension().appendingPathExtension("out")
  }

  /// Runs it in a session of its own; a file that begins with `#!` as a script, others line by
  /// line as if they were typed.
  func play() throws -> String {
    let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
    let scratch = NSTemporaryDirectory() + "dn-transcript-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    let player = TranscriptPlayer(folder: folder, scratch: scratch)
    let name = URL(fileURLWithPath: path).lastPathComponent
    let seen = text.hasPrefix("#!") ? player.run(text, name: name) : player.type(text)
    // The scratch folder has another name each time.
    return seen.replacingOccurrences(of: scratch, with: "SCRATCH")
  }
}
