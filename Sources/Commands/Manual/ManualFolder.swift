import Formats
import Lang

/// The reference manual and the editors' grammar as files, made from the declarations.
public struct ManualFolder {
  private let catalogue: Catalogue

  public init(catalogue: Catalogue) { self.catalogue = catalogue }

  /// Every file by its name.
  public var files: [(name: String, text: String)] {
    let pages = catalogue.manual
    var files = pages.map { (ManualFolder.file($0.group), $0.markdown) }
    files.append(("README.md", index(pages)))
    files.append(("dn.tmLanguage.json", TextMateGrammar(catalogue).json.text() + "\n"))
    return files
  }

  /// - Throws: `FormatError` where the folder cannot be written to.
  public func write(to folder: String) throws {
    try Folder.make(folder)
    for file in files {
      try Formats.saveText(file.text, folder + "/" + file.name, overwrite: true)
    }
  }

  private static func file(_ name: String) -> String {
    name.lowercased().map { $0 == " " ? "-" : "\($0)" }.joined() + ".md"
  }

  private func index(_ pages: [ManualPage]) -> String {
    var text = """
      # Reference manual

      Made from the declarations in the code by `make manual`; `help NAME` at the prompt says the same.


      """
    for page in pages {
      let file = ManualFolder.file(page.group)
      text += "## [\(page.group)](\(file))\n\n| | |\n| --- | --- |\n"
      for entry in page.entries {
        let isCommand = catalogue.command(entry.name) != nil
        let place = isCommand ? "\(file)#\(entry.name)" : file
        text += "| [`\(entry.name)`](\(place)) | \(entry.summary) |\n"
      }
      text += "\n"
    }
    return text + """
      `dn.tmLanguage.json` is a TextMate grammar: editors that read such grammars (VS Code, Sublime \
      Text, JetBrains) colour `.dn` files with it.

      """
  }
}
