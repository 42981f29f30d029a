import TensorEngine
import Testing

/// What does not fit is refused in words, and nothing traps.
@Suite struct ShapeErrorTests {
  private static func input(_ graph: Graph, _ shape: [Int]) -> Node {
    graph.input("x", shape: shape)
  }

  typealias Attempt = @Sendable (Graph) throws -> Node

  static let attempts: [(message: String, attempt: Attempt)] = [
    ("shapes 3 and 4 do not fit together", { try input($0, [3]) + input($0, [4]) }),
    (
      "shapes 2x3 and 2 do not fit together",
      { try input($0, [2, 3]).maximum(input($0, [2])) }
    ),
    (
      "shapes 2 and 3 do not fit together",
      { try input($0, [4]).select(input($0, [2]), input($0, [3])) }
    ),
    (
      "a tensor of shape 3 does not stretch to 1",
      { try input($0, [3]).broadcast(to: [1]) }
    ),
    ("the result of `broadcast` is too large: -1", { try input($0, [1]).broadcast(to: [-1]) }),
    (
      "the result of `broadcast` is too large: 4611686018427387904x4",
      { try input($0, []).broadcast(to: [1 << 62, 4]) }
    ),
    ("cannot reshape 2x3 to 5", { try input($0, [2, 3]).reshape([5]) }),
    ("cannot reshape 2x3 to -2x-3", { try input($0, [2, 3]).reshape([-2, -3]) }),
    ("[0, 0] is not an order of the axes of 2x3", { try input($0, [2, 3]).permute([0, 0]) }),
    ("axis 2 is outside a tensor of 2 axes", { try input($0, [2, 3]).sum(axes: [2]) }),
    ("axis -1 is outside a tensor of 2 axes", { try input($0, [2, 3]).greatest(axes: [-1]) }),
    ("nothing to take the greatest of", { try input($0, [0]).greatest() }),
    ("axis 1 is outside a tensor of 1 axes", { try input($0, [3]).slice(axis: 1, 0..<1) }),
    (
      "3 elements from 1 by 1 along axis 0 are outside 3",
      { try input($0, [3]).slice(axis: 0, 1..<4) }
    ),
    (
      "a region steps by 0 along axis 0",
      { try input($0, [3]).slice(starts: [0], steps: [0], target: [2]) }
    ),
    (
      "3 elements from 0 by \(Int.max) along axis 0 are outside 3",
      { try input($0, [3]).slice(starts: [0], steps: [.max], target: [3]) }
    ),
    (
      "a region of 2 axes in 3x3",
      { try input($0, [3, 3]).slice(starts: [0, 0], steps: [1, 1], target: [-1, -1]) }
    ),
    ("nothing to join", { _ in try .concatenate([], axis: 0) }),
    (
      "shapes 2x3 and 2x4 do not join along axis 0",
      { try .concatenate([input($0, [2, 3]), input($0, [2, 4])], axis: 0) }
    ),
    ("concat has no axis 1", { try .concatenate([input($0, [2]), input($0, [2])], axis: 1) }),
    (
      "matrices 2x3 and 2x3 do not multiply", { try input($0, [2, 3]).product(input($0, [2, 3])) }
    ),
    ("matmul takes matrices, got 2 and 2x3", { try input($0, [2]).product(input($0, [2, 3])) }),
    ("`+` mixes tensors of two traces", { try input($0, [2]) + input(Graph(), [2]) }),
  ]

  static let networks: [(message: String, attempt: Attempt)] = [
    (
      "a convolution of 4x4 with weights 2x2x3",
      { try input($0, [4, 4]).convolved(with: input($0, [2, 2, 3])) }
    ),
    (
      "weights 2x3x3 in 1 groups do not fit an input of 2 channels",
      { try input($0, [1, 2, 9]).convolved(with: input($0, [2, 3, 3])) }
    ),
    (
      "weights 2x2x3 in 0 groups do not fit an input of 2 channels",
      { try input($0, [1, 2, 9]).convolved(with: input($0, [2, 2, 3]), groups: 0) }
    ),
    (
      "kernel 4 has an even side",
      { try input($0, [1, 2, 9]).convolved(with: input($0, [2, 2, 4])) }
    ),
    (
      "strides and dilations of a convolution are whole numbers from 1",
      { try input($0, [1, 2, 9]).convolved(with: input($0, [2, 2, 3]), stride: 0) }
    ),
    (
      "strides and dilations of a convolution are whole numbers from 1",
      { try input($0, [1, 2, 9]).convolved(with: input($0, [2, 2, 3]), dilation: .max) }
    ),
    (
      "a bias of shape 3 for 2 filters",
      { try input($0, [1, 2, 9]).convolved(with: input($0, [2, 2, 3]), bias: input($0, [3])) }
    ),
    (
      "a convolution of 1x1x65536x65536 is too large",
      { try input($0, [1, 1, 65536, 65536]).convolved(with: input($0, [1, 1, 3, 3])) }
    ),
    (
      "a gradient of 1x2x9 for a result of 1x2x10",
      { try input($0, [1, 2, 9]).convolvedTransposed(with: input($0, [2, 2, 3]), space: [10]) }
    ),
    ("a window of 3x3 does not fit into 1x1x2x5", { try input($0, [1, 1, 2, 5]).maxPooled(3) }),
    (
      "a window of [0] every [0]: both are whole numbers from 1",
      { try input($0, [1, 1, 5]).maxPooled(0) }
    ),
    (
      "a window of [2] every [-1]: both are whole numbers from 1",
      { try input($0, [1, 1, 5]).maxPooled(2, stride: -1) }
    ),
    ("upsampling by [] of data of shape 2x3", { try input($0, [2, 3]).upsampledNearest(2) }),
    ("upsampling by [0] of data of shape 1x1x3", { try input($0, [1, 1, 3]).upsampledNearest(0) }),
    ("data of shape 3 has no channels", { try input($0, [3]).channelMoments() }),
    (
      "batch norm of 2x3 with 2 scales",
      {
        let x = input($0, [2, 3])
        let two = input($0, [2])
        return try x.batchNormalized(
          moments: x.channelMoments(), ofBatch: true, gamma: two, beta: two)
      }
    ),
    (
      "a dropout probability of 1.0",
      { try input($0, [2]).dropout(probability: 1, number: 1) }
    ),
  ]

  @Test(arguments: attempts + networks)
  func refusedInWords(_ message: String, _ attempt: Attempt) {
    let error = #expect(throws: TensorError.self) { try attempt(Graph()) }
    #expect(error?.message == message)
  }

  @Test func broadcastingSaysTheRule() throws {
    let error = #expect(throws: TensorError.self) { try Broadcasting.shape([2, 3], [4, 3]) }
    #expect(
      error?.description
        == "shapes 2x3 and 4x3 do not fit together "
        + "(sizes along an axis must be equal, or one of them 1)")
    #expect(try Broadcasting.shape([2, 1, 4], [3, 1]) == [2, 3, 4])
    #expect(try Broadcasting.shape([], [5]) == [5])
    #expect(try Broadcasting.shape([0, 3], [1, 3]) == [0, 3])
  }
}
