/// What was typed and what came of it, in order: the stuff of a report.
public final class Transcript {
  public enum Entry: Equatable {
    /// Markdown of a prose cell.
    case prose(String)
    /// A cell of the percent format begins; its title may be empty.
    case cell(String)
    /// A statement as typed, with the comments before it.
    case code(String)
    /// Text that it printed or showed.
    case output(String)
    case picture(Picture)
    case error(String)
  }

  /// A picture that a command wrote or showed.
  public final class Picture: Equatable {
    public enum Kind: String, Sendable { case png, svg }

    public let kind: Kind
    public let label: String
    private let make: () -> [UInt8]
    /// The picture's file as it was then; empty where it could not be drawn.
    public private(set) lazy var bytes = make()

    /// A picture that was drawn; another may take the place of its file.
    public convenience init(_ kind: Kind, _ bytes: [UInt8], label: String = "") {
      self.init(kind, label: label) { bytes }
    }

    /// A picture that is drawn when someone wants it.
    public init(_ kind: Kind, label: String = "", drawing make: @escaping () -> [UInt8]) {
      self.kind = kind
      self.label = label
      self.make = make
    }

    public static func == (a: Picture, b: Picture) -> Bool {
      a === b || (a.kind == b.kind && a.label == b.label && a.bytes == b.bytes)
    }
  }

  /// What a report is called where its prose has no heading: the script's name.
  public var title: String?
  /// Told of every entry as it comes, output piece by piece.
  public var observe: ((Entry) -> Void)?

  private var closed: [Entry] = []
  /// The output that still grows; kept apart, so that a line is added without a copy.
  private var growing = ""
  /// Longest text that an output keeps, so that a talkative loop does not fill the memory.
  private static let longestOutput = 1 << 20
  /// Most pictures that are kept.
  private static let mostPictures = 1000
  private var pictures = 0
  /// Entries that were undone.
  private var struck: Set<Int> = []

  public var entries: [Entry] { growing.isEmpty ? closed : closed + [.output(growing)] }

  func append(_ entry: Entry) {
    observe?(entry)
    if case .output(let text) = entry {
      if growing.utf8.count < Transcript.longestOutput { growing += text }
      return
    }
    if case .picture = entry {
      guard pictures < Transcript.mostPictures else { return }
      pictures += 1
    }
    if !growing.isEmpty { closed.append(.output(growing)) }
    growing = ""
    closed.append(entry)
  }

  /// Notes a picture that a command wrote or showed.
  public func add(_ picture: Picture) { append(.picture(picture)) }

  /// Takes what was typed out of the script, because it was undone.
  func strike(_ text: String) {
    let typed = closed.lastIndex {
      if case .code(let code) = $0 { !code.isEmpty && text.contains(code) } else { false }
    }
    if let typed { struck.insert(typed) }
  }

  /// What ran without an error, as a script in the percent format; the statement that runs now is
  /// its last.
  public var script: String {
    var parts: [String] = []
    for (index, entry) in closed.enumerated() {
      if struck.contains(index) { continue }
      switch entry {
      case .prose(let text):
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
          .map { $0.isEmpty ? "#" : "# " + $0 }
        parts.append((["# %% [markdown]"] + lines).joined(separator: "\n"))
      case .cell(let title): parts.append(title.isEmpty ? "# %%" : "# %% " + title)
      case .code(let text):
        let next = closed[(index + 1)...].first {
          switch $0 {
          case .code, .error: true
          default: false
          }
        }
        if case .error = next { continue }
        parts.append(text)
      case .output, .picture, .error: break
      }
    }
    return parts.joined(separator: "\n") + (parts.isEmpty ? "" : "\n")
  }
}
