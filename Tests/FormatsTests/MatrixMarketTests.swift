import Formats
import TensorEngine
import Testing

@Suite struct MatrixMarketTests {
  private static func read(_ text: String) throws -> Image {
    let scratch = try Scratch()
    return try Formats.load(try scratch.write(text, to: "x.mtx")).image
  }

  @Test func matricesRoundTrip() throws {
    let scratch = try Scratch()
    let image = try Image(Tensor([0, 1.5, 0, -2e-7, 0, 3], shape: [2, 3]), axes: "YX")
    for name in ["x.mtx", "x.mtx.gz"] {
      try Formats.save(image, scratch.path(name), SaveOptions(provenance: "made\nhere"))
      #expect(try Formats.load(scratch.path(name)).image.tensor == image.tensor)
    }
  }

  @Test func everyKindIsRead() throws {
    let head = "%%MatrixMarket matrix"
    let symmetric = try MatrixMarketTests.read(
      "\(head) coordinate integer symmetric\n% note\n\n2 2 2\n1 1 5\n2 1 -3\n")
    #expect(symmetric.tensor.values == [5, -3, -3, 0])
    #expect(symmetric.stored == .int32)
    let skew = try MatrixMarketTests.read(
      "\(head) array real skew-symmetric\n3 3\n1\n2\n3\n")
    #expect(skew.tensor.values == [0, -1, -2, 1, 0, -3, 2, 3, 0])
    let pattern = try MatrixMarketTests.read(
      "\(head) coordinate pattern general\n1 3 2\n1 1\n1 3")
    #expect(pattern.tensor.values == [1, 0, 1])
    let full = try MatrixMarketTests.read(
      "\(head) array real general\r\n2 2\r\n1\r\n2\r\n3\r\n4e1\r\n")
    #expect(full.tensor.values == [1, 3, 2, 40])
  }

  @Test(arguments: [
    ("coordinate real general\n2 2 1\n3 1 1\n", "line 3: an entry lies at 3, 1"),
    ("coordinate real general\n2 2 99999\n", "promises 99999 entries"),
    ("coordinate real general\n2 2 2\n1 1 1\n", "it ends too early"),
    ("coordinate real general\n2 2 1\n1 1 one\n", "`one` is no number"),
    ("coordinate real general\n-2 2 1\n", "no whole number"),
    ("coordinate complex general\n1 1 1\n1 1 1 1\n", "complex numbers"),
    ("array real general\n9999999 9999999\n1\n", "memory"),
    ("array real symmetric\n2 3\n1\n", "is square"),
    ("tensor real general\n1 1\n1\n", "no `tensor`"),
  ])
  func faultsAreNamed(_ text: String, _ message: String) throws {
    let error = try failure { _ = try MatrixMarketTests.read("%%MatrixMarket matrix \(text)") }
    #expect(error.message.contains(message), "\(error.message)")
  }
}
