/// How many orientations of an image a prediction is averaged over.
public enum Turns: Sendable, Equatable {
  /// The image as it is.
  case none
  /// 2 in 1-D, 8 in 2-D, 48 in 3-D.
  case all
  /// At most as many, spread evenly among all.
  case some(Int)

  /// Of a volume, for which all take too long; they win most of what all would.
  public static let few = Turns.some(8)

  /// - Returns: the identity first.
  package func orientations(rank: Int) -> [Orientation] {
    switch self {
    case .none: return [.identity(rank: rank)]
    case .all: return Orientation.all(rank: rank)
    case .some(let count): return Array(Turns.spread(rank: rank).prefix(max(1, count)))
    }
  }

  /// All orientations, so ordered that among the first of them each order of the axes and each
  /// choice of flips comes as often as others.
  private static func spread(rank: Int) -> [Orientation] {
    let all = Orientation.all(rank: rank)
    let flips = 1 << rank
    let orders = all.count / flips
    let round = (1...orders).first { $0 * flips % orders == 0 }.map { $0 * flips } ?? all.count
    return all.indices.map { index in
      all[index % orders * flips + (index + index / round) % flips]
    }
  }

  /// As typed: `false`, `true` or a number.
  public var text: String {
    switch self {
    case .none: "false"
    case .all: "true"
    case .some(let count): "\(count)"
    }
  }

  public init?(text: String) {
    switch text {
    case "false": self = .none
    case "true": self = .all
    default:
      guard let count = Int(text), count >= 1 else { return nil }
      self = .some(count)
    }
  }

  /// The same, but no more than so many passes.
  func limited(to passes: Int) -> Turns {
    switch self {
    case .none: .none
    case .all: .some(passes)
    case .some(let count): .some(min(count, passes))
    }
  }
}
