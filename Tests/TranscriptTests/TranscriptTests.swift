import Foundation
import Testing

/// What a user types and sees: every `.dn` below `Tests/Transcripts` against the `.out` beside it.
@Suite(.serialized) struct TranscriptTests {
  /// Set by `make record`: what is seen now is written down in the place of being compared.
  private static let records = ProcessInfo.processInfo.environment["DN_RECORD"] != nil

  @Test(arguments: try TranscriptFile.all())
  func showsWhatIsWrittenDown(_ file: TranscriptFile) throws {
    let seen = try file.play()
    if TranscriptTests.records { return try file.record(seen) }
    let expected = try file.expected()
    #expect(seen == expected, "\(TranscriptTests.firstDifference(seen, expected))")
  }

  /// The first lines that differ, so that one need not look for them in a page.
  private static func firstDifference(_ seen: String, _ expected: String) -> String {
    let (a, b) = (lines(seen), lines(expected))
    let place = zip(a, b).enumerated().first { $0.element.0 != $0.element.1 }?.offset
    guard let place = place ?? (a.count == b.count ? nil : min(a.count, b.count)) else { return "" }
    func line(_ lines: [Substring]) -> String {
      lines.indices.contains(place) ? String(lines[place]) : "(the end)"
    }
    return "line \(place + 1)\n  written down: \(line(b))\n  seen now:     \(line(a))"
  }

  private static func lines(_ text: String) -> [Substring] {
    text.split(separator: "\n", omittingEmptySubsequences: false)
  }
}
