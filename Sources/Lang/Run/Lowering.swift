/// Resolves the names of a parsed program, checks its calls, and makes the code that runs.
///
/// Everything that can be known without running is reported here, before the first statement runs.
final class Lowering {
  let runtime: Runtime
  var source: Source
  var diagnostics: [Diagnostic] = []
  /// Names of globals that exist before or are assigned somewhere in the program.
  var knownGlobals: Set<String>
  /// Names that may be assigned where nobody can see it.
  var doubtfulNames: Set<String> = []
  /// An `include` of a computed name may define anything.
  var mayDefineAnything = false
  var scope: Scope?
  var loopDepth = 0
  var functionDepth = 0
  /// Whether the innermost function or block is a command's block.
  var isInBlock = false
  var includes: Includes

  init(_ runtime: Runtime, includes: Includes) {
    self.runtime = runtime
    self.includes = includes
    source = Source("")
    knownGlobals = Set(runtime.globals.names)
  }

  var catalogue: Catalogue { runtime.catalogue }

  /// The steps of a program's statements, one for each.
  func lower(_ program: Program) -> [Step] {
    let outer = source
    source = program.source
    defer { source = outer }
    doubtfulNames.formUnion(program.doubtfulNames)
    knownGlobals.formUnion(
      AssignedNames.of(program.statements, in: source, catalogue, includes))
    return lower(program.statements)
  }

  func report(_ message: String, at span: Span, hint: String? = nil) {
    guard diagnostics.count < Lexer.mostDiagnostics else { return }
    diagnostics.append(Diagnostic(message, at: place(span), hint: hint))
  }

  func place(_ span: Span) -> Place { Place(source: source, span: span) }

  /// The variable of a name; nil where no statement assigns to it.
  func find(_ name: String) -> VariablePlace? {
    if let local = scope?.find(name) { return local }
    guard isKnownGlobal(name) else { return nil }
    return .global(runtime.globals.slot(of: name))
  }

  private func isKnownGlobal(_ name: String) -> Bool {
    if knownGlobals.contains(name) { return true }
    return catalogue.isKnown(name) ? false : mayDefineAnything || doubtfulNames.contains(name)
  }

  /// The variable that an assignment in this place makes or changes.
  func target(_ name: String) -> VariablePlace {
    find(name) ?? .global(runtime.globals.slot(of: name))
  }

  /// Whether a name is a part of `mine.png` or of `/data/mine.png`.
  private func looksLikePath(_ span: Span) -> Bool {
    func byte(_ offset: Int) -> UInt8? {
      source.bytes.indices.contains(offset) ? source.bytes[offset] : nil
    }
    let isAfterSlash =
      byte(span.start - 1) == UInt8(ascii: "/") && byte(span.start - 2) == UInt8(ascii: " ")
    let isBeforeEnding =
      byte(span.end) == UInt8(ascii: ".")
      && ["png", "tif", "mrc", "h5", "npy", "jp", "dn", "csv", "map", "rec", "st", "zarr", "safe"]
        .contains { source.text(Span(span.end + 1, span.end + 1 + $0.utf8.count)) == $0 }
    return isAfterSlash || isBeforeEnding
  }

  /// Reports a name that nothing bears.
  func reportUnknown(_ name: String, at span: Span, isCall: Bool, isArgument: Bool = false) {
    let variables = (scope?.names ?? []) + knownGlobals
    let near = NearestName.of(name, among: variables + catalogue.names)
    let quotes = "names of files and other texts stand in quotes"
    let hint =
      looksLikePath(span)
      ? quotes
      : Habits.hint(for: name) ?? near.map { "did you mean `\($0)`?" }
        ?? (isArgument ? quotes : nil)
    let message = isCall ? "there is no command or function `\(name)`" : "`\(name)` is not defined"
    report(message, at: span, hint: hint)
  }
}
