import TensorEngine

/// `value[…]`
enum Indexing {
  static func value(of base: Value, _ indices: [Index]) throws -> Value {
    switch base {
    case .image(let image):
      if let mask = mask(indices) { return try masked(image, mask) }
      return ImageOperands.value(try ImageIndexing.value(of: image, indices))
    case .traced(let node): return .traced(try traced(node, indices))
    case .host(let object as any StoredImage):
      return ImageOperands.value(try object.value(at: indices))
    default: break
    }
    guard indices.count == 1, indices[0].axis == nil else {
      throw LangError("only images have axes; \(base.kindWithArticle) takes one index")
    }
    switch (base, indices[0].kind) {
    case (.list(let items), let kind): return try list(items, kind)
    case (.range(let range), let kind): return try self.range(range, kind)
    case (.string(let text), let kind):
      let characters = text.map { Value.string(String($0)) }
      let part = try list(characters, kind)
      return .string(part.asString ?? (part.asList ?? []).compactMap(\.asString).joined())
    case (.record(let record), .at(.string(let name))):
      return try Fields.value(of: .record(record), name)
    case (.table(let table), .at(.string(let name))):
      return try Fields.value(of: .table(table), name)
    case (.table(let table), .at(let value)):
      let row = try Index.position(value, count: table.rowCount, of: "a table")
      return table.row(row).map(Value.record) ?? .none
    case (.table(let table), .slice(let start, let end, let step)):
      let (first, count, stride) = try Index.slice(start, end, step, count: table.rowCount)
      return .table(Table(rows: (0..<count).compactMap { table.row(first + $0 * stride) }))
    case (.record, _):
      throw LangError("a record is indexed by the name of a field: r[\"p\"], or r.p")
    default:
      throw LangError("\(base.kindWithArticle) cannot be indexed", hint: hint(base))
    }
  }

  private static func hint(_ base: Value) -> String? {
    if case .function = base { return "a function is called with parentheses" }
    return nil
  }

  /// The image of an index `img[img > 3]`.
  private static func mask(_ indices: [Index]) -> Image? {
    guard indices.count == 1, indices[0].axis == nil, case .at(.image(let mask)) = indices[0].kind
    else { return nil }
    return mask
  }

  /// The elements where the mask is not 0, in order.
  private static func masked(_ image: Image, _ mask: Image) throws -> Value {
    guard mask.shape == image.shape else {
      throw LangError(
        "a mask of shape \(mask.shape.asShape) does not fit an image of \(image.shape.asShape)")
    }
    let chosen = zip(image.tensor.values, mask.tensor.values).filter { $0.1 != 0 }.map(\.0)
    return .image(try Image(Tensor(chosen, shape: [chosen.count]), axes: "X", stored: image.stored))
  }

  private static func traced<M: ImageMath>(_ node: M, _ indices: [Index]) throws -> M {
    try ImageIndexing.value(of: node, indices)
  }

  private static func list(_ items: [Value], _ kind: Index.Kind) throws -> Value {
    switch kind {
    case .at(.list(let places)):
      return .list(
        try places.map { items[try Index.position($0, count: items.count, of: "a list")] })
    case .at(.range(let range)):
      return try list(items, .at(.list(range.numbers.map(Value.number))))
    case .at(let value):
      return items[try Index.position(value, count: items.count, of: "a list")]
    case .slice(let start, let end, let step):
      let (first, count, stride) = try Index.slice(start, end, step, count: items.count)
      return .list((0..<count).map { items[first + $0 * stride] })
    }
  }

  private static func range(_ range: NumberRange, _ kind: Index.Kind) throws -> Value {
    if case .at(.number(let number)) = kind {
      let position = try Index.position(.number(number), count: range.count, of: "a range")
      return .number(range[position])
    }
    return try list(range.numbers.map(Value.number), kind)
  }
}
