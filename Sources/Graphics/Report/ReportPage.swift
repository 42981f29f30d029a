/// What happened in a session as one page of HTML that needs no other file.
public struct ReportPage {
  /// A piece of highlighted code.
  public struct CodePiece: Equatable, Sendable {
    /// The name of a class of the style sheet: `keyword`, `string` …; empty for plain text.
    public let kind: String
    public let text: String

    public init(_ kind: String, _ text: String) {
      self.kind = kind
      self.text = text
    }
  }

  public enum Block: Equatable, Sendable {
    /// Markdown.
    case prose(String)
    case heading(String)
    case code([CodePiece])
    case output(String)
    case error(String)
    case picture(PictureKind, bytes: [UInt8], label: String)
  }

  public let title: String
  public let blocks: [Block]
  /// A line at the end of the page.
  public let colophon: String

  public init(title: String, blocks: [Block], colophon: String) {
    self.title = title
    self.blocks = blocks
    self.colophon = colophon
  }

  /// The page; UTF-8.
  public var html: String {
    """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="generator" content="dn">
    <title>\(HTMLText.escaped(title))</title>
    <style>
    \(ReportStyle.sheet)
    </style>
    </head>
    <body>
    <main>
    \(blocks.map(html).joined(separator: "\n"))
    </main>
    <footer>\(HTMLText.escaped(colophon))</footer>
    </body>
    </html>

    """
  }

  private func html(_ block: Block) -> String {
    switch block {
    case .prose(let text): "<section class=\"prose\">\n\(Markdown.html(text))</section>"
    case .heading(let text): "<h2>\(HTMLText.escaped(text))</h2>"
    case .code(let pieces):
      "<pre class=\"code\"><code>" + pieces.map(html).joined() + "</code></pre>"
    case .output(let text):
      "<pre class=\"output\">" + HTMLText.escaped(HTMLText.plain(text)) + "</pre>"
    case .error(let text):
      "<pre class=\"error\">" + HTMLText.escaped(HTMLText.plain(text)) + "</pre>"
    case .picture(let kind, let bytes, let label): html(kind, bytes, label)
    }
  }

  private func html(_ piece: CodePiece) -> String {
    let text = HTMLText.escaped(piece.text)
    return piece.kind.isEmpty ? text : "<span class=\"\(piece.kind)\">\(text)</span>"
  }

  private func html(_ kind: PictureKind, _ bytes: [UInt8], _ label: String) -> String {
    let type = kind == .png ? "image/png" : "image/svg+xml"
    let text = HTMLText.escaped(label)
    let caption = label.isEmpty ? "" : "<figcaption>\(text)</figcaption>"
    return "<figure><img alt=\"\(text)\" src=\"data:\(type);base64,\(Base64.encoded(bytes))\">"
      + "\(caption)</figure>"
  }
}

/// Text on its way into HTML.
enum HTMLText {
  static func escaped(_ text: some StringProtocol) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case _ where scalar.value < 32 && scalar != "\n" && scalar != "\t": break
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Text without the control sequences of terminals, and without the newline at its end.
  static func plain(_ text: String) -> String {
    var result = ""
    var isSequence = false
    for scalar in text.unicodeScalars {
      if isSequence {
        // A sequence ends at a letter or `~`; its `[` is no letter.
        if scalar.properties.isAlphabetic || scalar == "~" { isSequence = false }
      } else if scalar == "\u{1b}" {
        isSequence = true
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    while result.last == "\n" { result.removeLast() }
    return result
  }
}
