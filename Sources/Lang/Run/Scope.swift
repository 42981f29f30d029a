/// The names of one function while it is lowered.
final class Scope {
  /// The function around this one; nil where the globals come next.
  let parent: Scope?
  private var slots: [String: Int] = [:]
  private(set) var slotCount = 0

  init(parent: Scope?, names: some Sequence<String>) {
    self.parent = parent
    for name in names { declare(name) }
  }

  func declare(_ name: String) {
    guard slots[name] == nil else { return }
    slots[name] = slotCount
    slotCount += 1
  }

  /// The variable of a name in this function or one around it.
  func find(_ name: String) -> VariablePlace? {
    var scope: Scope? = self
    var up = 0
    while let current = scope {
      if let slot = current.slots[name] { return .local(slot: slot, up: up) }
      scope = current.parent
      up += 1
    }
    return nil
  }

  var names: [String] { Array(slots.keys) + (parent?.names ?? []) }
}

/// Finds the names that statements assign to, without going into functions.
struct AssignedNames {
  private(set) var names: [String] = []
  private let catalogue: Catalogue
  /// Files that are included by a literal name are looked into, each once.
  private let includes: Includes?
  private var seen: Set<String> = []
  private var source: Source

  /// - Parameter includes: nil where files are not to be looked into.
  static func of(
    _ statements: [Statement], in source: Source, _ catalogue: Catalogue, _ includes: Includes?
  ) -> [String] {
    var finder = AssignedNames(catalogue, includes, source)
    finder.visit(statements)
    return finder.names
  }

  private init(_ catalogue: Catalogue, _ includes: Includes?, _ source: Source) {
    self.catalogue = catalogue
    self.includes = includes
    self.source = source
  }

  private mutating func visit(_ statements: [Statement]) {
    for statement in statements { visit(statement) }
  }

  private mutating func visit(_ statement: Statement) {
    switch statement.kind {
    case .expression(let expression, _): visit(expression)
    case .assign(let targets, let value):
      for target in targets { names += target.rootName.map { [$0] } ?? [] }
      visit(value)
    case .choose(let branches, let otherwise):
      for branch in branches {
        visit(branch.condition)
        visit(branch.body.statements)
      }
      visit(otherwise?.statements ?? [])
    case .forEach(let index, let item, let list, let body):
      names += [index?.text, item.text].compactMap { $0 }
      visit(list)
      visit(body.statements)
    case .loop(let condition, let body):
      visit(condition)
      visit(body.statements)
    case .define(let function): names += function.name.map { [$0.text] } ?? []
    case .give(let value): if let value { visit(value) }
    case .attempt(let body, let name, let handler):
      names += name.map { [$0.text] } ?? []
      visit(body.statements)
      visit(handler.statements)
    case .include(let path): visit(included: path)
    case .leave, .next, .help: break
    }
  }

  private mutating func visit(included path: Expression) {
    guard case .string(let name) = path.kind, let program = includes?.program(name, from: source),
      seen.insert(program.source.name).inserted
    else { return }
    let outer = source
    source = program.source
    visit(program.statements)
    source = outer
  }

  /// Blocks of commands assign in the function that they stand in.
  private mutating func visit(_ expression: Expression) {
    if case .function = expression.kind { return }
    if case .call(let call) = expression.kind, let block = call.block {
      names += call.blockVariables(catalogue)
      visit(block.statements)
    }
    for child in expression.children { visit(child) }
  }
}

extension Call {
  /// Names that a command sets in its block: the `p` of `sweep p=[…] { … }`.
  func blockVariables(_ catalogue: Catalogue) -> [String] {
    guard block != nil, let name, let spec = catalogue.command(name), spec.takesOtherOptions else {
      return []
    }
    return arguments.compactMap(\.name?.text).filter { spec.parameter($0) == nil }
  }
}

extension Expression {
  /// The variable that an assignment to this expression changes.
  var rootName: String? {
    switch kind {
    case .name(let name), .bare(let name, _): name
    case .field(let base, _), .index(let base, _): base.rootName
    default: nil
    }
  }
}
