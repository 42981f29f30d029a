import Commands
import Foundation
import Lang
import TensorEngine
import Testing

extension CommandsTests {
  /// Everything that the documents say to type runs, and the manual is that of the declarations.
  @Suite struct DocumentTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().path

    private static func text(_ name: String) throws -> String {
      String(decoding: try Data(contentsOf: URL(fileURLWithPath: root + "/" + name)), as: UTF8.self)
    }

    /// What a document says to type, in the order of its blocks: lines behind `dn> ` and `...> `,
    /// and whole blocks marked `dn`; and whether an error is to follow.
    private static func statements(in text: String) -> [(text: String, fails: Bool)] {
      var found: [(text: String, fails: Bool)] = []
      var kind: String?
      var block: [String] = []
      for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
        if line.hasPrefix("```") {
          if kind == "dn" { found.append((block.joined(separator: "\n"), false)) }
          kind = kind == nil ? String(line.dropFirst(3)) : nil
          block = []
        } else if kind != nil, line.hasPrefix("dn> ") {
          found.append((String(line.dropFirst(4)), false))
        } else if kind != nil, line.hasPrefix("...> "), !found.isEmpty {
          found[found.count - 1].text += "\n" + line.dropFirst(5)
        } else if kind != nil, line.hasPrefix("error: "), !found.isEmpty {
          found[found.count - 1].fails = true
        } else if kind == "dn" {
          block.append(String(line))
        }
      }
      return found
    }

    /// Smaller data and trainings of a step: what is tested is that the lines run.
    private static func quick(_ text: String) -> String {
      var text = text
      for (long, short) in [
        ("sample(\"cells\", noise", "sample(\"cells\", size=64, noise"),
        ("size=[12, 96, 96]", "size=[3, 32, 32]"), ("size=[32, 64, 64]", "size=[16, 32, 32]"),
        ("vol[z=16]", "vol[z=8]"),
      ] {
        text = text.replacingOccurrences(of: long, with: short)
      }
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
        guard line.contains("= train "), !line.contains("save="), !line.contains("epoch=") else {
          return String(line)
        }
        let shorter = line.replacing(#/ (epochs|batch|steps|patch|minutes)=[0-9]+/#, with: "")
        return shorter + " epochs=1 batch=1 steps=1 patch=32"
      }
      return lines.joined(separator: "\n")
    }

    @Test(arguments: ["README.md", "docs/tutorial.md", "docs/from-python.md"])
    func whatADocumentSaysToTypeRuns(name: String) throws {
      let folder = try WorkFolder()
      let bench = try Bench()
      // The picture of one's own that the first lines speak of.
      if name == "README.md" {
        try bench.run("save sample(\"cells\", size=64) \"mine.png\" dtype=uint8")
      }
      for (text, fails) in Self.statements(in: try Self.text(name)) {
        try folder.enter()
        do {
          try bench.run(Self.quick(text))
          #expect(!fails, "\(name): `\(text)` was to fail")
        } catch let refused as Refused {
          #expect(fails, "\(name): `\(text)`: \(refused.message) \(refused.hint)")
        }
      }
    }

    @Test func theManualIsThatOfTheDeclarations() throws {
      let catalogue = try Bench().session.catalogue
      for file in ManualFolder(catalogue: catalogue).files {
        let written = (try? Self.text("docs/manual/" + file.name)) ?? ""
        #expect(written == file.text, "docs/manual/\(file.name) is old: run `make manual`")
      }
    }
  }
}
