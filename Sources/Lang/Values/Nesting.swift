/// Keeps lists and records from being nested without end (`while true { x = [x] }`), which would
/// overrun the stack when they are shown or freed.
enum Nesting {
  private static let deepest = 500
  /// A look into the value stops after this many lists and records, so that it stays cheap.
  private static let mostVisited = 2000

  /// The value, if it is not nested too deeply.
  static func checked(_ value: Value) throws -> Value {
    var visited = 0
    if isTooDeep(value, 0, &visited) {
      throw LangError("lists and records may be nested \(deepest) deep, not deeper")
    }
    return value
  }

  private static func isTooDeep(_ value: Value, _ depth: Int, _ visited: inout Int) -> Bool {
    if depth > deepest { return true }
    switch value {
    case .list(let items):
      visited += 1
      guard visited < mostVisited else { return false }
      return items.contains { $0.isContainer && isTooDeep($0, depth + 1, &visited) }
    case .record(let record):
      visited += 1
      guard visited < mostVisited else { return false }
      return record.fields.contains {
        $0.value.isContainer && isTooDeep($0.value, depth + 1, &visited)
      }
    default: return false
    }
  }
}

extension Value {
  fileprivate var isContainer: Bool {
    switch self {
    case .list, .record: true
    default: false
    }
  }
}
