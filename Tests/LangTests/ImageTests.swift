import Lang
import TensorEngine
import Testing

@Suite struct ImageTests {
  private func console() -> Console {
    let console = Console()
    _ = console.run("m = full([2, 3], [1, 2, 3, 4, 5, 6])")
    return console
  }

  @Test(arguments: [
    ("m", "image 2x3 YX, float32, range 1 to 6"), ("m[0]", "image 3 X, float32, range 1 to 3"),
    ("m[1, -1]", "6"), ("m[:, 1]", "image 2 Y, float32, range 2 to 5"),
    ("m[x=::2].shape", "[2, 2]"),
    ("m[y=1, x=0]", "4"), ("m[::-1][0, 0]", "4"), ("m[:, [2, 0]][0, 0]", "3"),
    ("(m * 2 + 1).max", "13"),
    ("(m > 2).mean", "0.666667"), ("(1 - m).min", "-5"),
    ("(m + full([3], [10, 20, 30]))[1, 2]", "36"),
    ("(m + [10, 20, 30])[1, 2]", "36"), ("(m^2)[1, 1]", "25"), ("(m mod 4)[1, 2]", "2"),
    ("sum(m)", "21"), ("sum(m, axis=0)[0]", "5"), ("sum(m, axis=x)[1]", "15"),
    ("mean(m, axis=-1)[0]", "2"),
    ("std(m) == m.std", "true"), ("median(m)", "3.5"), ("sqrt(m)[1, 0]", "2"),
    ("max(m, 4)[0, 0]", "4"),
    ("where(m > 3, m, 0)[0, 2]", "0"), ("clip(m, 2, 4).max", "4"),
    ("((m > 2) and (m < 5)).mean", "0.333333"),
    ("(not (m > 2)).mean", "0.333333"), ("m[m > 4].shape", "[2]"), ("m.axes", "\"YX\""),
    ("m.dtype", "\"float32\""),
    ("len(m)", "2"), ("(-m).max", "-1"), ("log10(full([1], 1000))[0]", "3"), ("(m == m).min", "1"),
    ("like(m, 7)[1, 1]", "7"), ("zeros([4, 5], axes=\"cx\").axes", "\"CX\""),
    ("(2 / m)[0, 1]", "1"),
  ])
  func arithmetic(text: String, shown: String) { #expect(console().run(text) == shown) }

  @Test(arguments: [
    ("m[0] = 9", "9 9 9 4 5 6"), ("m[:, 0] = [7, 8]", "7 2 3 8 5 6"),
    ("m[m > 4] = 0", "1 2 3 4 0 0"),
    ("m[x=1:] = m[x=:2]", "1 1 2 4 4 5"), ("m[1, 1] = -1", "1 2 3 4 -1 6"),
    ("m[:, ::2] = 0", "0 2 0 0 5 0"),
  ])
  func elementsCanBeSet(text: String, shown: String) {
    let console = console()
    #expect(console.run(text) == "")
    #expect(console.run("print m[0,0] m[0,1] m[0,2] m[1,0] m[1,1] m[1,2]") == shown)
  }

  @Test func copiesAreIndependent() {
    #expect(console().run("n = m; n[0, 0] = 9; m[0, 0]") == "1")
  }

  @Test(arguments: [
    ("m[5]", "index 5 is outside the axis Y of 2"),
    ("m[0, 0, 0]", "3 indices for an image of 2 axes"),
    ("m[z=1]", "there is no axis `z` here"), ("m[0.5]", "an index is a whole number, not 0.5"),
    ("m + zeros(4, 4)", "shapes 2x3 and 4x4 do not fit together"),
    ("m + \"a\"", "`+` does not work on an image and a string"),
    ("m[0] = zeros(2)", "an image of 2 does not fit into a part of 3"),
    ("m[y=0, 1]", "two indices for the axis Y"),
    ("zeros(-1)", "`zeros` takes sizes, not -1"),
    ("zeros(1e6, 1e6)", "an image of 1000000x1000000 is too large"),
    ("full([2], [[1], [2, 3]])", "rows of 1 and of 2 do not make an image"),
    ("m[::0]", "the step of a slice cannot be 0"),
    ("sum(m, axis=5)", "index 5 is outside the axes of 2"),
  ])
  func mistakesAreExplained(text: String, message: String) {
    #expect(console().run(text).hasPrefix("error: " + message + "\n"))
  }

  @Test func cuttingMovesTheOriginAndWidensTheVoxel() throws {
    let console = Console()
    console.session["vol"] = .image(
      try Image(
        Tensor(repeating: 1, shape: [4, 6, 8]), voxel: [10, 2, 3], unit: "nm", origin: [100, 0, 0],
        stored: .uint8, path: "a.mrc"))
    #expect(
      console.run("vol") == "image 4x6x8 ZYX, uint8, voxel 10 x 2 x 3 nm, range 1 to 1")
    let cut = "c = vol[z=1, y=2:6, x=::2]"
    #expect(
      console.run(cut + "; print c.axes c.voxel c.origin c.unit c.dtype c.path")
        == "YX [2, 6] [4, 0] nm uint8 a.mrc")
    #expect(console.run("(vol + 1).dtype") == "\"float32\"")
    #expect(console.run("(vol * 2).voxel") == "[10, 2, 3]")
    #expect(console.run("mean(vol, axis=z).voxel") == "[2, 3]")
    #expect(console.run("(1 + vol).origin") == "[100, 0, 0]")
  }

  /// A user's function is traced by handing it nodes; here a node is a text.
  @Test func functionsCanBeTraced() throws {
    let console = Console()
    _ = console.run(
      "def f(pred, target, mask) {\n d = where(mask > 0, pred - target, 0)\n"
        + " return sum(d^2) / sum(mask) + 0.5 * mean(abs(pred[:, 1:]))\n}")
    let function = try #require(console.session["f"]?.asFunction)
    let nodes = ["p", "t", "m"].map { Value.traced(TextNode(text: $0, shape: [4, 4])) }
    guard case .traced(let result) = try function.call(nodes) else {
      Issue.record("not traced")
      return
    }
    #expect(
      (result as? TextNode)?.text
        == "((sum((where((m > 0), (p - t), 0) ^ 2)) / sum(m)) + (0.5 * mean(abs(p[2]))))")
  }

  @Test func aTracedImageDecidesNothing() throws {
    let console = Console()
    _ = console.run("def f(x) { if x > 0 { return 1 }; return 2 }")
    let function = try #require(console.session["f"]?.asFunction)
    #expect(throws: (any Error).self) {
      try function.call([.traced(TextNode(text: "x", shape: []))])
    }
  }
}

/// A traced image that only writes down what is done to it.
private struct TextNode: ImageMath {
  let text: String
  let shape: [Int]
  var axes: String { Image.defaultAxes(rank: shape.count) }

  func lift(_ image: Image) throws -> TextNode {
    TextNode(text: Show.inline(.number(Double(image.tensor.values[0]))), shape: image.shape)
  }
  func unary(_ function: UnaryFunction) throws -> TextNode {
    TextNode(text: "\(function.rawValue)(\(text))", shape: shape)
  }
  func binary(_ function: BinaryFunction, _ right: TextNode) throws -> TextNode {
    TextNode(
      text: "(\(text) \(function.rawValue) \(right.text))",
      shape: try Broadcasting.shape(shape, right.shape))
  }
  func reduce(_ reduction: Reduction, dimension: Int?) throws -> TextNode {
    TextNode(text: "\(reduction.rawValue)(\(text))", shape: [])
  }
  func select(_ yes: TextNode, _ no: TextNode) throws -> TextNode {
    TextNode(text: "where(\(text), \(yes.text), \(no.text))", shape: shape)
  }
  func slice(_ cuts: [AxisCut]) throws -> TextNode {
    TextNode(text: "\(text)[\(cuts.count)]", shape: shape)
  }
}
