import TensorEngine

/// What `for`, `map` and `len` see of a value: its elements, one after another.
struct Elements {
  let count: Int
  private let source: Source

  private enum Source {
    case list([Value])
    case range(NumberRange)
    case image(Image)
    case table(Table)
  }

  /// Lists by element, ranges by number, strings by character, records by name, tables by row,
  /// images by their first axis.
  ///
  /// - Throws: `LangError` for what has no elements.
  init(_ value: Value) throws {
    switch value {
    case .list(let items): (count, source) = (items.count, .list(items))
    case .range(let range): (count, source) = (range.count, .range(range))
    case .string(let text):
      (count, source) = (text.count, .list(text.map { .string(String($0)) }))
    case .record(let record):
      (count, source) = (record.count, .list(record.names.map(Value.string)))
    case .table(let table): (count, source) = (table.rowCount, .table(table))
    case .image(let image): (count, source) = (image.shape.first ?? 0, .image(image))
    default:
      throw LangError(
        "\(value.kindWithArticle) has no elements to go through",
        hint: value.asNumber == nil ? nil : "to count up to it write 0..n-1 or range(n)")
    }
  }

  subscript(index: Int) -> Value {
    get throws {
      switch source {
      case .list(let items): return items[index]
      case .range(let range): return .number(range[index])
      case .table(let table): return table.row(index).map(Value.record) ?? .none
      case .image(let image):
        let cuts =
          [AxisCut.at(index)] + image.shape.dropFirst().map { .range(start: 0, count: $0, step: 1) }
        return ImageOperands.value(try image.slice(cuts))
      }
    }
  }

  /// All of them.
  var all: [Value] {
    get throws {
      if case .list(let items) = source { return items }
      return try (0..<count).map { try self[$0] }
    }
  }
}
