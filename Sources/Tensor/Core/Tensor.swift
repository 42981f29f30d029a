/// An n-d array of single-precision numbers in row-major order (last axis fastest).
///
/// A value: copies are independent and share memory until written. A tensor of shape `[]` is a
/// scalar with one element.
public struct Tensor: Sendable, Equatable {
  public let shape: [Int]
  /// The elements, row-major; always `shape.product` of them.
  public private(set) var values: [Float]

  public var rank: Int { shape.count }
  public var count: Int { values.count }

  /// A tensor over given elements.
  ///
  /// - Throws: `TensorError` where the number of elements is not the product of the shape.
  public init(_ values: [Float], shape: [Int]) throws {
    guard shape.allSatisfy({ $0 >= 0 }), shape.checkedProduct == values.count else {
      throw TensorError("\(values.count) elements do not fill the shape \(shape.asShape)")
    }
    self.init(trusted: values, shape: shape)
  }

  /// A tensor of one number throughout.
  public init(repeating value: Float, shape: [Int]) {
    self.init(trusted: Array(repeating: value, count: shape.product), shape: shape)
  }

  public init(scalar: Float) { self.init(trusted: [scalar], shape: []) }

  /// A tensor whose elements are computed from their flat index.
  public init(shape: [Int], _ element: (Int) -> Float) {
    self.init(trusted: (0..<shape.product).map(element), shape: shape)
  }

  /// For callers inside the package that made the elements from the shape.
  package init(trusted values: [Float], shape: [Int]) {
    assert(values.count == shape.product)
    self.shape = shape
    self.values = values
  }

  /// Changes the elements in place; their number must stay.
  public mutating func modify(_ body: (inout [Float]) throws -> Void) rethrows {
    let before = values.count
    try body(&values)
    precondition(values.count == before, "a tensor's elements may change, not their number")
  }

  /// The same elements under another shape of the same product.
  public func reshaped(_ shape: [Int]) throws -> Tensor {
    guard shape.checkedProduct == count else {
      throw TensorError("cannot reshape \(self.shape.asShape) to \(shape.asShape)")
    }
    return Tensor(trusted: values, shape: shape)
  }

  /// Row-major strides, in elements.
  public var strides: [Int] { shape.strides }
}

extension Int {
  /// The smallest multiple of `unit` (1 or more) that is not below this.
  package func roundedUp(toMultipleOf unit: Int) -> Int { (self + unit - 1) / unit * unit }
}

extension Sequence<Int> {
  /// The product of the sizes; 1 for an empty shape.
  public var product: Int { reduce(1, *) }
}

extension [Int] {
  /// The product of the sizes, or nil where it does not fit an `Int`.
  public var checkedProduct: Int? {
    var total = 1
    for size in self {
      let (product, overflow) = total.multipliedReportingOverflow(by: size)
      if overflow { return nil }
      total = product
    }
    return total
  }

  /// Whether a tensor of this shape can be spoken of: no size is negative, and the elements are so
  /// few (2^42, 16 TB) that sums of sizes in bytes do not overflow.
  package var isHoldable: Bool {
    allSatisfy { $0 >= 0 } && (checkedProduct.map { $0 <= 1 << 42 } ?? false)
  }

  /// Row-major strides of this shape.
  public var strides: [Int] {
    var result = self
    var step = 1
    for axis in indices.reversed() {
      result[axis] = step
      step *= self[axis]
    }
    return result
  }

  /// As people write shapes: `3x512x512`; a scalar is `scalar`.
  public var asShape: String {
    isEmpty ? "scalar" : map(String.init).joined(separator: "x")
  }
}
