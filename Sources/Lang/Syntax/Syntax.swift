/// A word with its place.
struct Name: Equatable {
  let text: String
  let span: Span
}

/// An expression as written; names are not resolved yet.
struct Expression {
  let kind: Kind
  let span: Span
  /// Height of the tree, so that whoever walks it knows how deep it goes.
  let depth: Int

  /// Highest tree that is accepted; walking it needs well under a megabyte of stack.
  static let deepest = 1000

  init(_ kind: Kind, _ span: Span) {
    self.kind = kind
    self.span = span
    var height = Expression.children(of: kind).lazy.map(\.depth).max() ?? 0
    if case .call(let call) = kind, let block = call.block { height = max(height, block.height) }
    depth = 1 + height
  }

  indirect enum Kind {
    case none
    case bool(Bool)
    case number(Double)
    case string(String)
    case interpolation([InterpolationPart])
    case name(String)
    /// A name alone where a command may stand: the variable, or else the command.
    case bare(String, isStatement: Bool)
    case list([Expression])
    case record([(name: Name, value: Expression)])
    case unary(UnaryFunction, Expression)
    case binary(BinaryFunction, Expression, Expression)
    case and(Expression, Expression)
    case or(Expression, Expression)
    case within(Expression, Expression, negated: Bool)
    case range(Expression, Expression, step: Expression?)
    case call(Call)
    case index(Expression, [IndexItem])
    case field(Expression, Name)
    case function(FunctionSyntax)
    /// Stands where nothing sensible could be read; it has been reported.
    case failed
  }

  /// The expressions directly inside this one.
  var children: [Expression] { Expression.children(of: kind) }

  private static func children(of kind: Kind) -> [Expression] {
    switch kind {
    case .none, .bool, .number, .string, .name, .bare, .failed: []
    case .interpolation(let parts): parts.compactMap(\.expression)
    case .list(let items): items
    case .record(let fields): fields.map(\.value)
    case .unary(_, let operand): [operand]
    case .binary(_, let a, let b), .and(let a, let b), .or(let a, let b), .within(let a, let b, _):
      [a, b]
    case .range(let a, let b, let step): [a, b] + (step.map { [$0] } ?? [])
    case .call(let call): [call.callee] + call.arguments.map(\.value)
    case .index(let base, let items): [base] + items.flatMap(\.expressions)
    case .field(let base, _): [base]
    case .function(let function): function.expressions
    }
  }
}

enum InterpolationPart {
  case text(String)
  case expression(Expression, FormatSpec?)

  var expression: Expression? {
    if case .expression(let expression, _) = self { expression } else { nil }
  }
}

/// `name(…)`, `name … …`, or anything else that is called.
struct Call {
  let callee: Expression
  let arguments: [CallArgument]
  let block: BlockSyntax?
  /// Whether it was written without parentheses.
  let isCommandForm: Bool

  /// The name that is called, where it is a plain name.
  var name: String? { if case .name(let name) = callee.kind { name } else { nil } }
}

struct CallArgument {
  let name: Name?
  let value: Expression
  var span: Span { name.map { $0.span.through(value.span) } ?? value.span }
}

/// `3`, `2:5`, `::2`, `z=60:70` between the brackets of an index.
struct IndexItem {
  let axis: Name?
  let kind: Kind
  let span: Span

  enum Kind {
    case at(Expression)
    case slice(start: Expression?, end: Expression?, step: Expression?)
  }

  var expressions: [Expression] {
    switch kind {
    case .at(let expression): [expression]
    case .slice(let start, let end, let step): [start, end, step].compactMap { $0 }
    }
  }
}

/// A `def` or `fn`.
final class FunctionSyntax {
  let name: Name?
  let parameters: [(name: Name, initial: Expression?)]
  let body: Body

  enum Body {
    case expression(Expression)
    case block(BlockSyntax)
  }

  init(name: Name?, parameters: [(name: Name, initial: Expression?)], body: Body) {
    self.name = name
    self.parameters = parameters
    self.body = body
  }

  var expressions: [Expression] {
    let initials = parameters.compactMap(\.initial)
    if case .expression(let expression) = body { return initials + [expression] }
    return initials
  }
}

struct BlockSyntax {
  let statements: [Statement]
  let span: Span
  /// Height of the tree, as `Expression.depth`.
  let height: Int

  init(statements: [Statement], span: Span) {
    self.statements = statements
    self.span = span
    height = 1 + (statements.lazy.map(\.height).max() ?? 0)
  }
}

struct Statement {
  let kind: Kind
  let span: Span

  indirect enum Kind {
    /// `isHidden`: ended by `;`, so its value is not shown.
    case expression(Expression, isHidden: Bool)
    /// More than one target unpacks a list.
    case assign([Expression], Expression)
    case choose([(condition: Expression, body: BlockSyntax)], otherwise: BlockSyntax?)
    case forEach(index: Name?, item: Name, Expression, BlockSyntax)
    case loop(Expression, BlockSyntax)
    case leave
    case next
    case define(FunctionSyntax)
    case give(Expression?)
    case attempt(BlockSyntax, name: Name?, handler: BlockSyntax)
    case include(Expression)
    case help(String?)
  }
}

extension Statement {
  /// Height of the tree, as `Expression.depth`.
  var height: Int {
    switch kind {
    case .expression(let expression, _), .include(let expression): 1 + expression.depth
    case .assign(let targets, let value):
      1 + max(value.depth, targets.lazy.map(\.depth).max() ?? 0)
    case .choose(let branches, let otherwise):
      1
        + max(
          branches.lazy.map { max($0.condition.depth, $0.body.height) }.max() ?? 0,
          otherwise?.height ?? 0)
    case .forEach(_, _, let list, let body): 1 + max(list.depth, body.height)
    case .loop(let condition, let body): 1 + max(condition.depth, body.height)
    case .give(let value): 1 + (value?.depth ?? 0)
    case .attempt(let body, _, let handler): 1 + max(body.height, handler.height)
    case .leave, .next, .define, .help: 1
    }
  }
}

/// A whole source, parsed as far as it could be.
struct Program {
  let source: Source
  var statements: [Statement] = []
  var diagnostics: [Diagnostic] = []
  /// Names in statements that could not be read: they may have been assigned there.
  var doubtfulNames: Set<String> = []
  /// Whether the text ends in the midst of a statement.
  var isUnfinished = false
}
