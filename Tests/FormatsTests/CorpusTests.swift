import Formats
import Glibc
import TensorEngine
import Testing

/// What fuzzers found, and files made to do harm: an error or an image, in bounded memory.
@Suite struct CorpusTests {
  private static let folder = String("\(#filePath)".dropLast("CorpusTests.swift".count)) + "Corpus"

  private static var files: [String] {
    names(folder).flatMap { kind in names("\(folder)/\(kind)").map { "\(kind)/\($0)" } }
  }

  private static func names(_ folder: String) -> [String] {
    guard let handle = opendir(folder) else { return [] }
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }

  @Test(arguments: files) func nothingFoundCrashesAgain(_ file: String) throws {
    let limit = MemoryLimit(bytes: 1 << 26)
    let options = LoadOptions(limit: limit)
    do {
      let opened = try Formats.open("\(CorpusTests.folder)/\(file)", options)
      guard case .image(let reader) = opened else { return }
      _ = try reader.read(limit: limit)
    } catch { #expect(error is FormatError, "\(error)") }
  }

  /// Sizes that overflow, and members that lie outside of their archive.
  @Test func archivesThatLieAreRefused() throws {
    let scratch = try Scratch()
    try Formats.save(
      try ramp([4, 5], axes: "YX"), scratch.path("x.npz"), SaveOptions(compression: .deflate))
    let sound = try Scratch.read(scratch.path("x.npz"))
    var state: UInt64 = 7
    for round in 0..<3000 {
      var bytes = sound
      for _ in 0..<(1 + round % 4) {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        bytes[4 + Int(state >> 33) % (bytes.count - 4)] =
          round % 3 == 0 ? 255 : UInt8(truncatingIfNeeded: state >> 24)
      }
      let path = try scratch.write(bytes, to: "wrong.npz")
      do {
        _ = try Formats.load(path, LoadOptions(limit: MemoryLimit(bytes: 1 << 26)))
      } catch { #expect(error is FormatError, "\(error)") }
    }
  }
}
