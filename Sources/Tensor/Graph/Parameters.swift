/// Names and shapes of a network's parameters and where each lies in one flat buffer: trainable
/// ones first, then states such as running averages.
public struct ParameterLayout: Sendable, Equatable {
  public struct Entry: Sendable, Equatable {
    public let name: String
    public let shape: [Int]
    public let trainable: Bool
    public let initial: Initializer
  }

  public private(set) var entries: [Entry] = []

  public init() {}

  mutating func add(_ entry: Entry) throws -> Int {
    guard !entries.contains(where: { $0.name == entry.name }) else {
      throw TensorError("two parameters are called `\(entry.name)`")
    }
    entries.append(entry)
    return entries.count - 1
  }

  /// Where each entry's numbers start.
  public var offsets: [Int] {
    var result = entries.map { _ in 0 }
    var next = 0
    for wanted in [true, false] {
      for (index, entry) in entries.enumerated() where entry.trainable == wanted {
        result[index] = next
        next += entry.shape.product
      }
    }
    return result
  }

  /// All numbers, and those that training changes (they come first).
  public var count: Int { entries.map(\.shape.product).reduce(0, +) }
  public var trainableCount: Int {
    entries.filter(\.trainable).map(\.shape.product).reduce(0, +)
  }
}

/// How a parameter starts.
public enum Initializer: Sendable, Equatable {
  case constant(Float)
  case normal(std: Float)
  /// Even on [-bound, bound].
  case uniform(bound: Float)

  /// He et al. 2015, for a leaky ReLU of the given slope: normal with variance
  /// 2 / ((1 + slope^2) fan-in).
  public static func he(fanIn: Int, slope: Double = 0) -> Initializer {
    .normal(std: Float((2 / ((1 + slope * slope) * Double(max(1, fanIn)))).squareRoot()))
  }

  func fill(_ count: Int, _ stream: inout RandomStream) -> [Float] {
    switch self {
    case .constant(let value): Array(repeating: value, count: count)
    case .normal(let std): (0..<count).map { _ in std * stream.normal() }
    case .uniform(let bound): (0..<count).map { _ in stream.uniform(-bound...bound) }
    }
  }
}

/// The values of a network's parameters, in the order of their layout.
public struct Parameters: Sendable, Equatable {
  public let layout: ParameterLayout
  public var values: [Float]

  /// - Throws: `TensorError` where the number of values is not the layout's.
  public init(layout: ParameterLayout, values: [Float]) throws {
    guard values.count == layout.count else {
      throw TensorError("\(values.count) values for \(layout.count) parameters")
    }
    self.layout = layout
    self.values = values
  }

  /// Fresh ones, drawn as each entry says.
  public init(layout: ParameterLayout, seed: UInt64) {
    self.layout = layout
    values = Array(repeating: 0, count: layout.count)
    for (index, offset) in layout.offsets.enumerated() {
      let entry = layout.entries[index]
      var stream = RandomStream(seed: seed, purpose: .initialization, sample: index)
      let start = entry.initial.fill(entry.shape.product, &stream)
      values.replaceSubrange(offset..<offset + start.count, with: start)
    }
  }

  /// One entry's values by name.
  public subscript(name: String) -> Tensor? {
    guard let index = layout.entries.firstIndex(where: { $0.name == name }) else { return nil }
    let offset = layout.offsets[index]
    let shape = layout.entries[index].shape
    return Tensor(trusted: Array(values[offset..<offset + shape.product]), shape: shape)
  }
}

/// Parameters where kernels can reach them.
public final class ParameterBuffer {
  public let layout: ParameterLayout
  let memory: Memory

  public init(_ parameters: Parameters) throws {
    layout = parameters.layout
    memory = try Memory(count: parameters.values.count)
    memory.base.update(from: parameters.values, count: parameters.values.count)
  }

  /// A copy of what they are now; assigning writes them back.
  public var values: [Float] {
    get { memory.values }
    set {
      precondition(newValue.count == memory.count, "the layout fixes the number of parameters")
      memory.base.update(from: newValue, count: newValue.count)
    }
  }

  public var parameters: Parameters {
    get throws { try Parameters(layout: layout, values: values) }
  }
}
