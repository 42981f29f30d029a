import Foundation
import Lang

/// The files of one folder, by names that do not depend on where the checkout lies.
struct FolderHost: Lang.Host {
  let folder: String

  private struct Missing: Error, CustomStringConvertible {
    let path: String
    var description: String { "there is no file \"\(path)\"" }
  }

  func read(script path: String) throws -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: place(path)) else {
      throw Missing(path: path)
    }
    return Array(data)
  }

  func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: place(path)) }

  /// Only `*` at the beginning of a name, which is what the transcripts use.
  func glob(_ pattern: String) throws -> [String] {
    let ending = pattern.drop { $0 == "*" }
    return try FileManager.default.contentsOfDirectory(atPath: folder)
      .filter { $0.hasSuffix(ending) }.sorted()
  }

  func paths(beginning text: String) -> [String] { [] }

  private func place(_ path: String) -> String { path.hasPrefix("/") ? path : folder + "/" + path }
}
