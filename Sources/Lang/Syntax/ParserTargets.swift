extension Parser {
  /// `a =`, `a, b =`, `r.p =`, `x[1] =`; nil (and nothing read) where no assignment begins.
  mutating func assignmentTargets() throws -> [Expression]? {
    guard token.name != nil || (token.keyword != nil && ahead(1).sign == .assign) else {
      return nil
    }
    if let word = token.keyword {
      throw fail("`\(word.rawValue)` is a word of the language and cannot be assigned to")
    }
    guard beginsAssignment() else { return nil }
    var targets: [Expression] = []
    repeat {
      let target = try postfix()
      guard target.isAssignable else {
        throw fail(
          "this cannot be assigned to", at: target.span,
          hint: "the left of `=` is a name, a field or an element")
      }
      targets.append(target)
    } while take(.comma)
    try expect(.assign, "after the names")
    return targets
  }

  /// Looks for a lone `=` after names, fields, indices and commas, without reading anything.
  private func beginsAssignment() -> Bool {
    var next = 0
    while true {
      guard ahead(next).name != nil else { return false }
      next += 1
      while true {
        if ahead(next).sign == .dot, ahead(next + 1).word != nil {
          next += 2
        } else if ahead(next).sign == .openBracket, !ahead(next).spaceBefore {
          guard let after = afterBracket(next) else { return false }
          next = after
        } else {
          break
        }
      }
      if ahead(next).sign == .assign { return true }
      guard ahead(next).sign == .comma else { return false }
      next += 1
    }
  }

  /// The token after the bracket that closes the one at `start`.
  private func afterBracket(_ start: Int) -> Int? {
    var open = 0
    var next = start
    while ahead(next).kind != .end, ahead(next).kind != .newline {
      if ahead(next).sign == .openBracket { open += 1 }
      if ahead(next).sign == .closeBracket { open -= 1 }
      next += 1
      if open == 0 { return next }
    }
    return nil
  }
}

extension Expression {
  /// A name, or fields and elements of one.
  var isAssignable: Bool {
    switch kind {
    case .name: true
    case .field(let base, _), .index(let base, _): base.isAssignable
    default: false
    }
  }
}
