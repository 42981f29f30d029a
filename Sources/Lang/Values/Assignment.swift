import TensorEngine

/// `r.field = …` and `x[…] = …`: changes a value in place along a path.
enum Assignment {
  enum Step {
    case field(String)
    case index([Index])

    /// `r["p"]` on records is the same as `r.p`.
    fileprivate var named: Step {
      guard case .index(let indices) = self, indices.count == 1, indices[0].axis == nil,
        case .at(.string(let name)) = indices[0].kind
      else { return self }
      return .field(name)
    }
  }

  /// - Throws: `LangError` where the path leads nowhere; the target is then unchanged.
  static func assign(_ value: Value, to target: inout Value, _ path: ArraySlice<Step>) throws {
    guard let step = path.first else {
      target = try Nesting.checked(value)
      return
    }
    let rest = path.dropFirst()
    // No copy of the target may live while it is changed, or the change would copy its elements.
    switch step.named {
    case .field(let name):
      guard target.asRecord != nil else {
        throw LangError("the field `\(name)` of \(target.kindWithArticle) cannot be set")
      }
      try assign(value, toField: name, of: &target, rest)
    case .index(let indices):
      if target.isList { return try assign(value, toElement: indices, of: &target, rest) }
      if target.isImageLike { return try assign(value, toPart: indices, of: &target, rest) }
      throw LangError(
        "elements of \(target.kindWithArticle) cannot be set",
        hint: target.asRecord == nil ? nil : "a record is indexed by a name: r[\"p\"], or r.p")
    }
  }

  private static func assign(
    _ value: Value, toPart indices: [Index], of target: inout Value, _ rest: ArraySlice<Step>
  ) throws {
    guard case .image(var image) = target else {
      throw LangError(
        "an image that is being traced cannot be changed", hint: "write where(condition, a, b)")
    }
    guard rest.isEmpty else {
      throw LangError("put all indices into one pair of brackets: x[1, 2] = …")
    }
    target = .none
    defer { target = .image(image) }
    try ImageAssignment.assign(value, to: &image, indices)
  }

  private static func assign(
    _ value: Value, toField name: String, of target: inout Value, _ rest: ArraySlice<Step>
  ) throws {
    guard case .record(var record) = target else { return }
    target = .none
    defer { target = .record(record) }
    if rest.isEmpty {
      record[name] = try Nesting.checked(value)
    } else {
      let found: Void? = try record.modify(name) { try assign(value, to: &$0, rest) }
      if found == nil { throw LangError("the record has no field `\(name)`") }
    }
  }

  private static func assign(
    _ value: Value, toElement indices: [Index], of target: inout Value, _ rest: ArraySlice<Step>
  ) throws {
    guard case .list(var items) = target else { return }
    guard indices.count == 1, indices[0].axis == nil else {
      throw LangError("a list takes one index")
    }
    target = .none
    defer { target = .list(items) }
    switch indices[0].kind {
    case .at(let index):
      let position = try Index.position(index, count: items.count, of: "a list")
      try assign(value, to: &items[position], rest)
    case .slice(let start, let end, let step):
      let (first, count, stride) = try Index.slice(start, end, step, count: items.count)
      guard rest.isEmpty, let new = value.asList, new.count == count else {
        throw LangError("a slice of \(count) elements takes a list of \(count)")
      }
      for (offset, item) in new.enumerated() { items[first + offset * stride] = item }
    }
  }
}

extension Value {
  fileprivate var isList: Bool { if case .list = self { true } else { false } }
}
