import Lang

/// What differs between two runs: what went in, and what came out.
struct RunDifference {
  let table: Table

  init(_ a: RunValue, _ b: RunValue) {
    let distinct = a.run.name != b.run.name
    let names = distinct ? (a.run.name, b.run.name) : (a.folder.path, b.folder.path)
    var table = Table(["what", names.0, names.1])
    let rows = RunDifference.rows(a.run)
    let others = RunDifference.rows(b.run)
    var order = rows.map(\.name)
    for row in others where !order.contains(row.name) { order.append(row.name) }
    for name in order {
      let first = rows.first { $0.name == name }?.value ?? Value.none
      let second = others.first { $0.name == name }?.value ?? Value.none
      guard Show.inline(first) != Show.inline(second) else { continue }
      for row in RunDifference.inner(name, first, second) {
        table.append(["what": .string(row.name), names.0: row.first, names.1: row.second])
      }
    }
    self.table = table
  }

  /// Two values of one kind, such as `unet(depth=2)` and `unet(depth=3)`, argument by argument.
  private static func inner(
    _ name: String, _ first: Value, _ second: Value
  ) -> [(name: String, first: Value, second: Value)] {
    guard let a = first.asString.flatMap(arguments), let b = second.asString.flatMap(arguments),
      a.head == b.head, Set(a.arguments.map(\.name)) == Set(b.arguments.map(\.name))
    else { return [(name, first, second)] }
    return a.arguments.compactMap { argument in
      let other = b.arguments.first { $0.name == argument.name }?.value ?? ""
      guard other != argument.value else { return nil }
      return ("\(name) \(argument.name)", .string(argument.value), .string(other))
    }
  }

  /// `unet(depth=2, channels=8)` taken apart; nil where a text is no such call.
  private static func arguments(
    _ text: String
  ) -> (head: String, arguments: [(name: String, value: String)])? {
    guard let open = text.firstIndex(of: "("), text.hasSuffix(")") else { return nil }
    var pieces = [""]
    var depth = 0
    for letter in text[text.index(after: open)...].dropLast() {
      if letter == "(" || letter == "[" { depth += 1 }
      if letter == ")" || letter == "]" { depth -= 1 }
      if depth < 0 { return nil }
      if letter == ",", depth == 0 {
        pieces.append("")
      } else {
        pieces[pieces.count - 1].append(letter)
      }
    }
    let pairs = pieces.map { piece -> (String, String)? in
      let parts = piece.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
      return parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
    }
    guard pairs.allSatisfy({ $0 != nil }) else { return nil }
    return (String(text[..<open]), pairs.compactMap { $0 })
  }

  private static func rows(_ run: RunRecord) -> [(name: String, value: Value)] {
    func number(_ value: Double?) -> Value { value.map(Value.number) ?? .none }
    var rows: [(String, Value)] = [("dn", .string(run.version))]
    rows += run.options.map { ($0.name, .string($0.value)) }
    for data in run.data {
      rows.append((data.role, .string("\(data.name) \(data.shape.asShape) \(data.axes)")))
      rows.append((data.role + " sha256", .string(String(data.checksum.prefix(12)))))
    }
    rows += [
      ("state", .string(run.state.rawValue)), ("epochs done", .int(run.epochs)),
      ("parameters", .int(run.parameters)), ("best epoch", number(run.bestEpoch.map(Double.init))),
      ("val_loss", number(run.validation)), ("loss", number(run.loss)),
      ("seconds", .number(run.seconds)),
    ]
    return rows
  }
}
