import Formats
import Lang

/// The options file of a half-map project.
enum HalfMapInputs {
  /// Words of other programs' option files that mean nothing here.
  private static let foreign: Set<String> = [
    "device", "tail", "loss_index", "no_of_batches", "proc_model", "proc_epoch", "proc_map_name",
    "proc_res",
  ]

  /// The options of `FOLDER/inputs.yaml`; none where there is no such file.
  ///
  /// - Throws: `FormatError` that names the line where it is wrong.
  static func read(_ folder: String, note: (String) -> Void) throws -> Record {
    let path = "\(folder)/inputs.yaml"
    guard Folder.names(in: folder).contains("inputs.yaml") else { return [:] }
    guard let record = Value(try Formats.readOptions(path)).asRecord else {
      throw LangError("\"\(path)\" holds no options", hint: "write them as `epochs: 20`")
    }
    let passed = record.fields.filter { foreign.contains($0.name) }.map(\.name)
    if !passed.isEmpty {
      note("\(path): passed over \(passed.joined(separator: ", "))")
    }
    return Record(
      record.fields.filter { !foreign.contains($0.name) }.map { ($0.name, $0.value) })
  }

  /// Options as the text of a file.
  static func text(_ options: [(name: String, value: String)]) -> String {
    "# the options of this training; what the command line said is among them\n"
      + options.map { "\($0.name): \($0.value)\n" }.joined()
  }

  /// A text that YAML reads as a string.
  static func quoted(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
  }
}
