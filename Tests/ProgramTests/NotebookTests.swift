import Foundation
import Testing

/// The explorations of `notebooks-as-scripts`, at the size of a test: each asserts its own
/// conclusion.
@Suite struct NotebookTests {
  private static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("notebooks-as-scripts")

  static let names =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
    .filter { $0.hasSuffix(".dn") && $0 != "common.dn" }.sorted()

  @Test func theyAreThere() { #expect(NotebookTests.names.count >= 15) }

  @Test(arguments: names)
  func aNotebookRuns(name: String) throws {
    let path = NotebookTests.folder.appendingPathComponent(name).path
    let checked = try Dn.run(["check", path])
    #expect(checked.status == 0, "\(checked.error)")
    // Its pictures lie where it ran.
    let scratch = try Scratch()
    let result = try Dn.run([path, "quick"], in: scratch)
    #expect(result.status == 0, "\(result.error)")
    #expect(!result.output.isEmpty)
    let picture = name.replacingOccurrences(of: ".dn", with: ".png")
    #expect(FileManager.default.fileExists(atPath: scratch.file(picture)), "\(picture)")
  }
}
