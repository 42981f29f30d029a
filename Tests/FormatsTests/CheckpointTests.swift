import Formats
import TensorEngine
import Testing

@Suite struct CheckpointTests {
  private func checkpoint() throws -> Checkpoint {
    Checkpoint(
      tensors: [
        NamedTensor(name: "encoder.0.weight", tensor: Tensor(shape: [2, 3]) { Float($0) - 2.5 }),
        NamedTensor(
          name: "half", tensor: Tensor(shape: [4]) { Float($0) / 8 }, precision: .float16),
        NamedTensor(
          name: "brain \"float\"", tensor: Tensor(shape: [3]) { Float($0) - 1 },
          precision: .bfloat16),
        NamedTensor(name: "empty", tensor: Tensor(repeating: 0, shape: [0, 2])),
        NamedTensor(name: "scalar", tensor: Tensor(scalar: 3)),
      ], metadata: ["model": "unet(dim=2)", "note": "π \"quoted\"\n\u{1}"])
  }

  @Test func tensorsAndNotesRoundTrip() throws {
    let scratch = try Scratch()
    let path = scratch.path("x.safetensors")
    let before = try checkpoint()
    try Formats.save(.checkpoint(before), path)
    guard case .checkpoint(let after) = try Formats.load(path).content else {
      Issue.record("a checkpoint was expected")
      return
    }
    #expect(after.metadata == before.metadata)
    #expect(after == before)
  }

  @Test func halvesAreRoundedToNearest() throws {
    let scratch = try Scratch()
    let path = scratch.path("x.safetensors")
    // Halfway cases go to the even neighbour.
    let values: [Float] = [1 + 0x1p-8, 1 + 3 * 0x1p-8, 3.3895314e38, .infinity, -.nan]
    let tensor = try Tensor(values, shape: [5])
    try Formats.save(
      .checkpoint(
        Checkpoint(tensors: [NamedTensor(name: "x", tensor: tensor, precision: .bfloat16)])), path)
    guard case .checkpoint(let after) = try Formats.load(path).content else { return }
    let read = try #require(after["x"]).values
    #expect(read[0] == 1)
    #expect(read[1] == 1 + 0x1p-6)
    #expect(read[2] == 3.3895314e38)
    #expect(read[3] == .infinity)
    #expect(read[4].isNaN)
  }

  @Test func namesAreUnique() throws {
    let scratch = try Scratch()
    let twice =
      [NamedTensor(name: "x", tensor: Tensor(scalar: 1))] + [
        NamedTensor(name: "x", tensor: Tensor(scalar: 2))
      ]
    let error = try failure {
      try Formats.save(.checkpoint(Checkpoint(tensors: twice)), scratch.path("x.safetensors"))
    }
    #expect(error.message.contains("\"x\""))
    #expect(scratch.names.isEmpty)
  }

  @Test(arguments: [
    #"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#,
    #"{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
    #"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,400]}}"#,
    #"{"x":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#,
    #"{"x":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}"#,
    #"{"x":{"dtype":"F32"}}"#, #"{"x":3}"#, #"{"x":"#, #"{"x":{"dtype":"F32","shape":[1e99]}}"#,
  ])
  func damagedHeadersAreRefused(_ header: String) throws {
    let scratch = try Scratch()
    let text = Array(header.utf8)
    let path = try scratch.write(
      [UInt8(text.count), 0, 0, 0, 0, 0, 0, 0] + text + [0, 0, 128, 63], to: "x.safetensors")
    #expect(try failure { _ = try Formats.load(path) }.kind == .damaged)
  }

  @Test func aTableOrImageIsNoCheckpoint() throws {
    let scratch = try Scratch()
    let error = try failure {
      try Formats.save(try ramp([2], axes: "X"), scratch.path("x.safetensors"))
    }
    #expect(error.kind == .unsupported)
    try Formats.save(.checkpoint(try checkpoint()), scratch.path("y.safetensors"))
    let other = try failure { _ = try Formats.reader(scratch.path("y.safetensors")) }
    #expect(other.message.contains("holds a model, not an image"))
  }
}
