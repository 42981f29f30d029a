/// Which values are the same.
enum Equality {
  /// Numbers by value (`true` is 1), texts, lists and records by their parts, images by shape and
  /// elements, functions by identity; values of different kinds differ.
  static func areEqual(_ a: Value, _ b: Value) -> Bool {
    if let x = a.asNumber, let y = b.asNumber { return x == y }
    switch (a, b) {
    case (.none, .none): return true
    case (.string(let x), .string(let y)): return x == y
    case (.range(let x), .range(let y)): return x.numbers == y.numbers
    case (.list, .list), (.list, .range), (.range, .list):
      guard let x = a.asList, let y = b.asList, x.count == y.count else { return false }
      return zip(x, y).allSatisfy(areEqual)
    case (.record(let x), .record(let y)): return areEqual(x, y)
    case (.image(let x), .image(let y)): return x.tensor == y.tensor
    case (.function(let x), .function(let y)):
      return x === y || (x.name != nil && x.name == y.name && !x.isUserDefined && !y.isUserDefined)
    case (.table(let x), .table(let y)):
      return x.names == y.names && zip(x.rows, y.rows).allSatisfy(areEqual)
        && x.rowCount == y.rowCount
    case (.host(let x), .host(let y)): return x.kind == y.kind && x.display == y.display
    default: return false
    }
  }

  private static func areEqual(_ x: Record, _ y: Record) -> Bool {
    x.count == y.count
      && x.fields.allSatisfy { field in y[field.name].map { areEqual(field.value, $0) } ?? false }
  }
}

extension Function {
  fileprivate var isUserDefined: Bool {
    if case .closure = implementation { true } else { false }
  }
}
