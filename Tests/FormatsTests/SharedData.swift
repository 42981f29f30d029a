import Formats
import Glibc

/// Files of other programs, which stand beside some checkouts and are not part of the project.
enum SharedData {
  /// The checkout, told from this file's place in it.
  static let checkout = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }
  static let folder = "\(checkout)/../shared/data"

  /// Whether the files are there; says so once where they are not.
  static let isThere: Bool = {
    let found = access("\(folder)/README.md", R_OK) == 0
    if !found { print("note: tests with files of other programs are skipped: no \(folder)") }
    return found
  }()

  static func path(_ name: String) -> String { "\(folder)/\(name)" }
}
