import TensorEngine

/// Functions of lists and records.
extension Builtins {
  static var lists: [Builtin] {
    [length, zipping, mapping, filtering, sorting, reversing, appending] + records
  }

  private static var length: Builtin {
    Builtin(
      "len", "x", group: "Lists",
      "number of elements of a list, characters of a string, rows of a table, slices of an image"
    ) { call in .int(try Elements(call[0]).count) }
  }

  private static var zipping: Builtin {
    Builtin(
      "zip", "list list …", arity: 2...Builtin.anyNumber, group: "Lists",
      "list of lists of the first elements, the second elements …; as long as the shortest",
      examples: [Example("zip([1, 2], [\"a\", \"b\"])")]
    ) { call in
      let lists = try call.arguments.map { try Elements($0) }
      let count = lists.map(\.count).min() ?? 0
      return .list(try (0..<count).map { index in .list(try lists.map { try $0[index] }) })
    }
  }

  private static var mapping: Builtin {
    Builtin(
      "map", "function list", group: "Lists", "list of what the function gives for each element",
      examples: [Example("map(sqrt, [1, 4, 9])"), Example("map(fn(x) = x + 1, 0..2)")]
    ) { call in
      let (function, items) = try functionAndList(call)
      return .list(
        try items.map {
          try Interrupt.check()
          return try function.call([$0])
        })
    }
  }

  private static var filtering: Builtin {
    Builtin(
      "filter", "function list", group: "Lists", "the elements for which the function holds",
      examples: [Example("filter(fn(x) = x > 1, [1, 2, 3])")]
    ) { call in
      let (function, items) = try functionAndList(call)
      return .list(
        try items.filter {
          try Interrupt.check()
          return try Operators.truth(function.call([$0]))
        })
    }
  }

  /// Python has the function first, others the list: both are understood.
  private static func functionAndList(_ call: BuiltinCall) throws -> (Function, [Value]) {
    if let function = call[1].asFunction { return (function, try Elements(call[0]).all) }
    return (try call.function(0), try Elements(call[1]).all)
  }

  private static var sorting: Builtin {
    Builtin(
      "sort", "list", options: [BuiltinOption("by"), BuiltinOption("reverse")], group: "Lists",
      "the elements in order; by= a function of an element, reverse=true from the largest",
      examples: [Example("sort([3, 1, 2])"), Example("sort([\"bb\", \"a\"], by=len)")]
    ) { call in
      let items = try Elements(call[0]).all
      let by = call.named["by"].flatMap { $0.isNone ? nil : $0 }
      guard by == nil || by?.asFunction != nil else {
        throw LangError("`by` takes a function")
      }
      let keys = try by?.asFunction.map { function in try items.map { try function.call([$0]) } }
      let order = try SortOrder(keys ?? items)
      let sorted = order.indices.map { items[$0] }
      let isReversed = try call.named["reverse"].map(Operators.truth) ?? false
      return .list(isReversed ? sorted.reversed() : sorted)
    }
  }

  private static var reversing: Builtin {
    Builtin(
      "reverse", "list", group: "Lists", "the elements, or the characters, from last to first"
    ) {
      call in
      if let text = call[0].asString { return .string(String(text.reversed())) }
      return .list(try Elements(call[0]).all.reversed())
    }
  }

  private static var appending: Builtin {
    Builtin(
      "append", "list x", group: "Lists", "the list with one more element at its end",
      examples: [Example("append([1, 2], 3)")]
    ) { call in .list(try call.list(0) + [Nesting.checked(call[1])]) }
  }

  private static var records: [Builtin] {
    [
      Builtin("keys", "record", group: "Lists", "names of the fields of a record or table") {
        call in
        if case .table(let table) = call[0] { return .list(table.names.map(Value.string)) }
        guard let record = call[0].asRecord else { throw call.mismatch(0, "a record") }
        return .list(record.names.map(Value.string))
      },
      Builtin("values", "record", group: "Lists", "values of the fields of a record") { call in
        guard let record = call[0].asRecord else { throw call.mismatch(0, "a record") }
        return .list(record.values)
      },
      Builtin(
        "has", "x name", group: "Lists",
        "whether a record has a field, a table a column, a list an element",
        examples: [Example("has({p: 1}, \"p\")")]
      ) { call in .bool(try Operators.contains(call[0], call[1])) },
    ]
  }
}

/// The order of values: all numbers, or all texts; equal ones stay as they were.
struct SortOrder {
  let indices: [Int]

  init(_ keys: [Value]) throws {
    let places = Array(keys.indices)
    let numbers = keys.compactMap(\.asNumber)
    let texts = keys.compactMap(\.asString)
    if numbers.count == keys.count {
      // NaN is ordered after everything, so that the order is one.
      indices = places.sorted { a, b in
        let (x, y) = (numbers[a], numbers[b])
        if x.isNaN || y.isNaN { return x.isNaN == y.isNaN ? a < b : y.isNaN }
        return x == y ? a < b : x < y
      }
    } else if texts.count == keys.count {
      indices = places.sorted { texts[$0] == texts[$1] ? $0 < $1 : texts[$0] < texts[$1] }
    } else {
      throw LangError(
        "only numbers, or only strings, can be sorted",
        hint: "by= gives what to sort by: sort(list, by=fn(r) = r.name)")
    }
  }
}
