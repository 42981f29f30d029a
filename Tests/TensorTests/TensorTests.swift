import TensorEngine
import Testing

@Suite struct TensorTests {
  @Test func elementsMustFillTheShape() throws {
    let error = #expect(throws: TensorError.self) { try Tensor([1, 2, 3], shape: [2, 2]) }
    #expect(error?.message == "3 elements do not fill the shape 2x2")
    #expect(throws: TensorError.self) { try Tensor([1, 2], shape: [-1, -2]) }
    #expect(throws: TensorError.self) { try Tensor([], shape: [1 << 40, 1 << 40]) }
    #expect(try Tensor([], shape: [0, 3]).count == 0)
    #expect(Tensor(scalar: 2).shape == [])
  }

  @Test func reshapingKeepsTheElements() throws {
    let tensor = Tensor(shape: [2, 3]) { Float($0) }
    #expect(try tensor.reshaped([3, 2]).values == tensor.values)
    let error = #expect(throws: TensorError.self) { try tensor.reshaped([4]) }
    #expect(error?.message == "cannot reshape 2x3 to 4")
  }

  @Test func copiesAreIndependent() {
    let first = Tensor(repeating: 1, shape: [3])
    var second = first
    second.modify { $0[1] = 5 }
    #expect(first.values == [1, 1, 1])
    #expect(second.values == [1, 5, 1])
  }

  @Test func shapesAsPeopleWriteThem() {
    #expect([3, 512, 512].asShape == "3x512x512")
    #expect([Int]().asShape == "scalar")
    #expect([2, 3, 4].strides == [12, 4, 1])
    #expect([2, 3, 4].product == 24)
    #expect([1 << 40, 1 << 40].checkedProduct == nil)
    #expect([1 << 21, 1 << 21].isHoldable)
    #expect(![1 << 22, 1 << 21].isHoldable)
    #expect(![-1].isHoldable)
  }

  @Test(arguments: [
    (0, "0 B"), (640, "640 B"), (1000, "1 kB"), (1500, "1.5 kB"), (1_540_000, "1.5 MB"),
    (2_000_000_000, "2 GB"), (123_456_789, "123 MB"), (4_398_046_511_104, "4.4 TB"),
  ])
  func byteCounts(bytes: Int, text: String) {
    #expect(ByteCount(bytes).description == text)
  }

  @Test func systemTellsItsMemory() {
    #expect(SystemMemory.peakResident > 1_000_000)
    #expect(SystemMemory.available > SystemMemory.peakResident / 1000)
  }
}
