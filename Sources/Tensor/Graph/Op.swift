/// One operation on tensors: its name, shape rule, kernel and gradient in one place.
///
/// Ops are values; two equal ops on the same inputs give the same result, and a graph keeps only
/// one of them. An op with a random result carries what tells it from others.
public protocol Op: Hashable, Sendable {
  /// What plans and errors call it.
  static var name: String { get }

  /// The shape of the result.
  ///
  /// - Throws: `TensorError` where the inputs do not fit.
  func shape(_ inputs: [[Int]]) throws -> [Int]

  /// Numbers of scratch the kernel asks for, a thread.
  func scratch(_ inputs: [[Int]], threads: Int) -> Int

  func run(_ call: Call<Float>)
  func run(_ call: Call<Double>)

  /// Gradients with respect to the inputs, written in ops; nil where there is none. Each may have
  /// the shape that its input was broadcast to: it is summed back by the caller.
  func gradient(_ rule: Rule) throws -> [Node?]

  /// `name`, with what this very op has taken in.
  var label: String { get }

  /// The input that the result may be written over; nil where it needs a place of its own.
  var overwritten: Int? { get }
}

/// An op whose kernel is written once for both precisions.
public protocol GenericOp: Op {
  func compute<T: Scalar>(_ call: Call<T>)
}

extension GenericOp {
  public func run(_ call: Call<Float>) { compute(call) }
  public func run(_ call: Call<Double>) { compute(call) }
}

extension Op {
  public var name: String { Self.name }
  public var label: String { name }
  public func scratch(_ inputs: [[Int]], threads: Int) -> Int { 0 }
  public var overwritten: Int? { nil }
}

/// What a kernel gets: inputs, output, scratch and the run's random streams.
public struct Call<T: Scalar> {
  public let x: [View<T>]
  public let y: MutableView<T>
  /// As many numbers as `scratch` asked for; not cleared.
  public let scratch: UnsafeMutablePointer<T>?
  public let moment: Moment
}

/// Which run of a plan this is: names the random streams of ops such as dropout.
public struct Moment: Sendable, Equatable {
  public var seed: UInt64
  public var epoch: Int
  public var step: Int

  public init(seed: UInt64 = 0, epoch: Int = 0, step: Int = 0) {
    self.seed = seed
    self.epoch = epoch
    self.step = step
  }
}

/// Row-major numbers that a kernel reads.
public struct View<T> {
  public let base: UnsafePointer<T>
  public let shape: [Int]
  public let count: Int

  public init(base: UnsafePointer<T>, shape: [Int]) {
    self.base = base
    self.shape = shape
    self.count = shape.product
  }

  public subscript(index: Int) -> T { base[index] }
}

/// Row-major numbers that a kernel writes.
public struct MutableView<T> {
  public let base: UnsafeMutablePointer<T>
  public let shape: [Int]
  public let count: Int

  public init(base: UnsafeMutablePointer<T>, shape: [Int]) {
    self.base = base
    self.shape = shape
    self.count = shape.product
  }
}

/// What a gradient rule gets: the inputs, the result and the gradient that reaches the result.
public struct Rule {
  public let x: [Node]
  public let y: Node
  public let dy: Node
}
