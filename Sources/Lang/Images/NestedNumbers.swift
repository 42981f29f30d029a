import TensorEngine

/// Lists of lists of numbers as images, as NumPy makes arrays of them.
package enum NestedNumbers {
  /// - Throws: `LangError` where the lists differ in length or hold something else; nil for values
  ///   that are no list.
  package static func image(_ value: Value) throws -> Image? {
    guard let items = value.asList else { return nil }
    var shape: [Int] = []
    var numbers: [Float] = []
    try collect(items, depth: 0, &shape, &numbers)
    return try Image(Tensor(numbers, shape: shape))
  }

  private static func collect(
    _ items: [Value], depth: Int, _ shape: inout [Int], _ numbers: inout [Float]
  ) throws {
    if depth == shape.count {
      guard depth < 6 else { throw LangError("an image has at most 6 axes") }
      shape.append(items.count)
    }
    guard shape[depth] == items.count else {
      throw LangError("rows of \(shape[depth]) and of \(items.count) do not make an image")
    }
    for item in items {
      if let number = item.asNumber {
        guard depth == shape.count - 1 else {
          throw LangError("numbers and lists are mixed; an image has numbers only at the bottom")
        }
        numbers.append(Float(number))
      } else if let inner = item.asList {
        guard depth + 1 < shape.count || numbers.isEmpty else {
          throw LangError("numbers and lists are mixed; an image has numbers only at the bottom")
        }
        try collect(inner, depth: depth + 1, &shape, &numbers)
      } else {
        throw LangError("an image is made of numbers, not \(Show.brief(item))")
      }
    }
  }
}
