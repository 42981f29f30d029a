import TensorEngine

/// Values as text.
package enum Show {
  /// Most elements of a list that are shown; the rest is counted.
  private static let mostItems = 100
  private static let deepest = 50

  /// What a statement shows: strings in quotes, images and tables in full.
  package static func full(_ value: Value) -> String {
    switch value {
    case .image(let image): ImageText.full(image)
    case .table(let table): TableText.aligned(table)
    case .host(let object): object.display
    default: inline(value)
    }
  }

  /// What `print` and string interpolation show: as `full`, with strings bare.
  package static func bare(_ value: Value) -> String {
    if case .string(let text) = value { text } else { full(value) }
  }

  /// One line: for elements of lists and records.
  package static func inline(_ value: Value) -> String { inline(value, depth: 0) }

  /// Short enough for an error: `a list`, `"abc"`, `5`.
  package static func brief(_ value: Value) -> String {
    switch value {
    case .none, .bool, .number: inline(value)
    case .string(let text): text.count <= 40 ? quoted(text) : "a long string"
    case .range: inline(value)
    default: value.kindWithArticle
    }
  }

  private static func inline(_ value: Value, depth: Int) -> String {
    guard depth < deepest else { return "…" }
    switch value {
    case .none: return "none"
    case .bool(let flag): return flag ? "true" : "false"
    case .number(let number): return NumberFormat.short(number)
    case .string(let text): return quoted(text)
    case .list(let items): return "[" + joined(items.map { $0 }, depth) + "]"
    case .record(let record):
      let fields = record.fields.map {
        fieldName($0.name) + ": " + inline($0.value, depth: depth + 1)
      }
      return "{" + fields.joined(separator: ", ") + "}"
    case .range(let range):
      let ends = NumberFormat.short(range.start) + ".." + NumberFormat.short(range.end)
      return range.step == 1 ? ends : ends + " step " + NumberFormat.short(range.step)
    case .image(let image): return ImageText.brief(image)
    case .function(let function): return FunctionText.signature(function)
    case .table(let table):
      return "table of \(table.rowCount) rows: " + table.names.joined(separator: ", ")
    case .host(let object): return object.inline
    case .traced(let image): return "image \(image.shape.asShape) \(image.axes) (being traced)"
    }
  }

  private static func joined(_ items: [Value], _ depth: Int) -> String {
    var texts = items.prefix(mostItems).map { inline($0, depth: depth + 1) }
    if items.count > mostItems { texts.append("… \(items.count - mostItems) more") }
    return texts.joined(separator: ", ")
  }

  private static func fieldName(_ name: String) -> String {
    Lexer.isName(name) ? name : quoted(name)
  }

  /// In double quotes, so that the language reads it back as the same text.
  package static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      case "{": result += "\\{"
      case "}": result += "\\}"
      case _ where scalar.value < 0x20 || scalar.value == 0x7f:
        result += "\\u{" + String(scalar.value, radix: 16) + "}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

/// Functions as text.
enum FunctionText {
  static func signature(_ function: Function) -> String {
    "function \(function.name ?? "fn")(" + function.parameters.joined(separator: ", ") + ")"
  }
}
