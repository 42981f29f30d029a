import Formats
import Lang
import TensorEngine

/// A run made again from its folder.
struct RunRepeat {
  let original: RunValue
  /// Where the new one goes.
  let folder: RunFolder

  /// Runs the folder's script in a fresh session that writes nothing but the new run.
  ///
  /// - Returns: whether the model is the same, byte for byte.
  /// - Throws: `LangError` where the script fails or trains no such run; `Interrupted`.
  func run(in context: Context) throws -> Bool {
    let text = String(
      decoding: try Formats.bytes(of: original.folder.script, longest: Source.longest),
      as: UTF8.self)
    let rehearsal = Rehearsal(
      key: original.run.key, parts: original.run.parts, folder: folder,
      name: folder.path.split(separator: "/").last.map(String.init) ?? original.run.name)
    let session = context.sibling(output: Output(text: { _ in }, note: { _ in }))
    let ledger = session.state(default: Ledger.init)
    ledger.rehearsal = rehearsal
    // A run that got its name from the ledger has such a key.
    if original.run.key.hasPrefix("#") { ledger.folder = Ledger.home }
    let sink = context.progress
    let shown = session.state(default: ProgressSink.init)
    (shown.show, shown.finish) = (sink.show, sink.finish)
    switch session.run(Source(text, name: original.folder.script)) {
    case .finished, .quit: break
    case .interrupted: throw Interrupted()
    case .failed(let diagnostics):
      throw LangError(
        "the run's script fails: \(diagnostics.first?.message ?? "")",
        hint: diagnostics.first?.place.map { "at \($0.description)" })
    }
    guard folder.isThere else {
      throw LangError(
        "the run's script does not train it", hint: "see \"\(original.folder.script)\"")
    }
    return try Formats.bytes(of: folder.model) == Formats.bytes(of: original.folder.model)
  }
}
