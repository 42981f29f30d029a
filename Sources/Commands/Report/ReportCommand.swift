import Lang

struct ReportCommand: Command {
  static let name = "report"
  static let summary = "the session or script so far as a page, a notebook or a text"
  static let details = """
    `.html`: one page that needs no other file, with prose, code, outputs and pictures in their \
    places. `.ipynb`: a notebook. `.md`: Markdown, with its pictures beside it. Prose are the cells \
    that begin with `# %% [markdown]`. `dn run FILE.dn --html OUT.html` (or `--ipynb`, `--md`) runs a \
    script and writes the report of it.
    """
  static let group = "Desk"
  static let examples = [Example("report \"today.html\" overwrite=true")]

  @Argument("file to write to: .html, .ipynb or .md") var file: String
  @Option("whether a file that is there may be replaced") var overwrite = false

  func run(in context: Context) throws -> Value {
    guard context.writesFiles else { return .none }
    try Report(context.transcript, context.catalogue, seed: context.seed, dropsLast: true)
      .write(to: file, overwrite: overwrite)
    context.note("wrote \(file)")
    return .none
  }
}
