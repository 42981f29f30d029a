import TensorEngine
import Testing

@Suite struct ReductionTests {
  /// Shapes of up to five axes, with sizes of 0 and 1 among them, against one element at a time.
  @Test(arguments: 0..<200)
  func sumIsWhatOneByOneGives(seed: Int) throws {
    var stream = RandomStream(seed: UInt64(seed), purpose: .sample)
    let sizes = [1, 2, 3, 4, 7, 19, 1, 2, seed % 10 == 0 ? 0 : 5]
    let shape = (0..<1 + stream.int(below: 5)).map { _ in sizes[stream.int(below: sizes.count)] }
    let axes = shape.indices.filter { _ in stream.bernoulli(0.5) }
    let tensor = Tensor(shape: shape) { _ in Float(stream.int(below: 64)) }
    #expect(try reduced(tensor) { try $0.sum(axes: axes, keep: true) } == oneByOne(tensor, axes))
  }

  private func oneByOne(_ tensor: Tensor, _ axes: [Int]) throws -> Tensor {
    let target = tensor.shape.indices.map { axes.contains($0) ? 1 : tensor.shape[$0] }
    var totals = [Float](repeating: 0, count: target.product)
    for (index, value) in tensor.values.enumerated() {
      var rest = index
      var place = 0
      for axis in tensor.shape.indices.reversed() {
        let along = rest % tensor.shape[axis]
        rest /= tensor.shape[axis]
        if !axes.contains(axis) { place += along * target.strides[axis] }
      }
      totals[place] += value
    }
    return try Tensor(totals, shape: target)
  }

  /// Single precision would stop growing at 2^24.
  @Test func longSumsStayExact() throws {
    let ones = Tensor(repeating: 1, shape: [(1 << 24) + 4096])
    #expect(try reduced(ones) { try $0.sum() }.values == [Float((1 << 24) + 4096)])
    let tenths = Tensor(repeating: 0.1, shape: [3, 1 << 20])
    #expect(try reduced(tenths) { try $0.mean(axes: [1]) }.values == [0.1, 0.1, 0.1])
  }

  @Test func notANumberIsTheGreatest() throws {
    var values = [Float](repeating: -5, count: 40_000)
    let lowest = Tensor(repeating: -.infinity, shape: [50])
    #expect(try reduced(lowest) { try $0.greatest() }.values == [-.infinity])
    values[31_000] = .nan
    values[31_001] = 7
    for shape in [[40_000], [200, 200], [40_000, 1]] {
      let tensor = try Tensor(values, shape: shape)
      #expect(try reduced(tensor) { try $0.greatest() }.values[0].isNaN)
      #expect(try reduced(tensor) { try $0.smallest(axes: [0]) }.values.contains { $0.isNaN })
    }
  }

  @Test func sumOfNothingIsZero() throws {
    let empty = try Tensor([], shape: [0, 3])
    #expect(try reduced(empty) { try $0.sum(axes: [0]) }.values == [0, 0, 0])
    #expect(try reduced(empty) { try $0.sum(axes: [1]) }.shape == [0])
    #expect(try reduced(empty) { try $0.sum() }.values == [0])
  }

  private func reduced(_ tensor: Tensor, _ build: (Node) throws -> Node) throws -> Tensor {
    let graph = Graph()
    let x = graph.input("x", shape: tensor.shape)
    return try Plan(graph, outputs: [build(x)], inputs: [x]).run([tensor])[0]
  }
}
