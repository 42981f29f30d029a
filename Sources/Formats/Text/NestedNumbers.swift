import TensorEngine

/// Lists of lists of numbers, all of one length on each level.
struct NestedNumbers {
  let shape: [Int]
  private let values: [Float]

  /// Nil where the value is anything else.
  init?(_ json: JSON) {
    var shape: [Int] = []
    var level = json
    while let list = level.array, let first = list.first {
      shape.append(list.count)
      level = first
    }
    guard !shape.isEmpty, shape.count <= 6, let count = shape.checkedProduct else { return nil }
    var values: [Float] = []
    guard NestedNumbers.collect(json, shape[...], into: &values), values.count == count else {
      return nil
    }
    self.shape = shape
    self.values = values
  }

  func reader(_ source: ByteSource, _ options: LoadOptions) throws -> any ImageReader {
    let order = AxisOrder(
      fileAxes: try options.axes(for: shape, or: Image.defaultAxes(rank: shape.count)),
      fileShape: shape)
    return MemoryReader(
      info: ImageInfo(format: "json", source: source, order: order, stored: .float64), notes: [],
      elements: order.toImage(values, shape: shape))
  }

  private static func collect(
    _ json: JSON, _ shape: ArraySlice<Int>, into values: inout [Float]
  ) -> Bool {
    guard let size = shape.first else {
      guard let number = json.number else { return json == .null && append(.nan, to: &values) }
      return append(Float(number), to: &values)
    }
    guard let list = json.array, list.count == size else { return false }
    return list.allSatisfy { collect($0, shape.dropFirst(), into: &values) }
  }

  private static func append(_ value: Float, to values: inout [Float]) -> Bool {
    values.append(value)
    return true
  }
}
