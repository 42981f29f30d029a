import Formats
import Glibc
import Graphics
import Lang

extension Session {
  /// Writes a report of what ran so far.
  ///
  /// - Throws: where the ending is not known or the file cannot be written.
  public func writeReport(to file: String) throws {
    try Report(transcript, catalogue, seed: seed, dropsLast: false).write(to: file, overwrite: true)
  }
}

/// What a session did, on its way into a page, a notebook or a text.
struct Report {
  let entries: [Transcript.Entry]
  private let highlighter: Highlighter
  private let name: String
  private let colophon: String

  /// - Parameter dropsLast: whether the last statement is the one that asks for the report, which
  ///   is no part of it.
  init(_ transcript: Transcript, _ catalogue: Catalogue, seed: UInt64, dropsLast: Bool) {
    var entries = transcript.entries
    if dropsLast, let last = entries.lastIndex(where: Report.isCode) { entries.remove(at: last) }
    self.entries = entries
    highlighter = Highlighter(catalogue)
    name = transcript.title ?? "A session with dn"
    var time = Glibc.time(nil)
    time = max(0, time)
    colophon =
      "Made by dn \(Provenance.version) on \(UTC.text(Int(time)).prefix(10)), seed \(seed)."
  }

  private static func isCode(_ entry: Transcript.Entry) -> Bool {
    if case .code = entry { true } else { false }
  }

  /// The first heading of the prose, or the script's name.
  var title: String {
    for case .prose(let text) in entries {
      if let title = Markdown.title(of: text) { return title }
    }
    return name
  }

  /// Statements without anything between them, joined; all other entries as they are.
  private var joined: [Transcript.Entry] {
    var result: [Transcript.Entry] = []
    for entry in entries {
      if case .code(let text) = entry, case .code(let before)? = result.last {
        result[result.count - 1] = .code(before + "\n" + text)
      } else {
        result.append(entry)
      }
    }
    return result
  }

  // MARK: Kinds of reports

  private var html: String {
    var blocks: [ReportPage.Block] = []
    let hasHeading = entries.contains {
      if case .prose(let text) = $0 { Markdown.title(of: text) != nil } else { false }
    }
    if !hasHeading { blocks.append(.prose("# " + title)) }
    for entry in joined {
      switch entry {
      case .prose(let text): blocks.append(.prose(text))
      case .cell(let title): if !title.isEmpty { blocks.append(.heading(title)) }
      case .code(let text):
        blocks.append(
          .code(
            highlighter.pieces(of: text).map {
              .init($0.kind == .plain ? "" : $0.kind.rawValue, $0.text)
            }))
      case .output(let text): blocks.append(.output(text))
      case .error(let text): blocks.append(.error(text))
      case .picture(let picture):
        guard !picture.bytes.isEmpty else { break }
        blocks.append(
          .picture(
            picture.kind == .png ? .png : .svg, bytes: picture.bytes, label: picture.label))
      }
    }
    return ReportPage(title: title, blocks: blocks, colophon: colophon).html
  }

  /// Markdown, and the pictures that it shows, which lie beside it.
  ///
  /// - Parameter stem: what the pictures' names begin with.
  private func markdown(stem: String) -> (text: String, pictures: [(name: String, bytes: [UInt8])])
  {
    var parts: [String] = []
    var pictures: [(String, [UInt8])] = []
    for entry in joined {
      switch entry {
      case .prose(let text): parts.append(text)
      case .cell(let title): if !title.isEmpty { parts.append("## " + title) }
      case .code(let text): parts.append(Report.fenced(text, "dn"))
      case .output(let text), .error(let text): parts.append(Report.fenced(text, "text"))
      case .picture(let picture):
        let name = "\(stem)-\(pictures.count + 1).\(picture.kind.rawValue)"
        pictures.append((name, picture.bytes))
        parts.append("![\(picture.label)](\(name))")
      }
    }
    parts.append("*\(colophon)*")
    return (parts.joined(separator: "\n\n") + "\n", pictures)
  }

  private static func fenced(_ text: String, _ kind: String) -> String {
    let body = text.hasSuffix("\n") ? String(text.dropLast()) : text
    // A fence longer than any inside.
    var fence = "```"
    while body.contains(fence) { fence += "`" }
    return "\(fence)\(kind)\n\(body)\n\(fence)"
  }

  /// Writes the report in the kind that the file's ending names.
  func write(to file: String, overwrite: Bool) throws {
    let name = String(file.split(separator: "/").last ?? "")
    let dot = name.lastIndex(of: ".")
    switch dot.map({ name[name.index(after: $0)...].lowercased() }) {
    case "html", "htm": try Formats.saveText(html, file, overwrite: overwrite)
    case "ipynb": try Formats.saveText(notebook, file, overwrite: overwrite)
    case "md":
      let stem = dot.map { String(name[..<$0]) } ?? name
      let folder = String(file.dropLast(name.count))
      let (text, pictures) = markdown(stem: stem)
      try Formats.saveText(text, file, overwrite: overwrite)
      for picture in pictures {
        try Formats.saveBytes(picture.bytes, folder + picture.name, overwrite: overwrite)
      }
    default:
      throw LangError(
        "\"\(file)\" does not say what kind of report to write",
        hint: "give it the ending .html, .ipynb or .md", argument: "file")
    }
  }

  private var notebook: String { Notebook(entries).json.text() + "\n" }
}
