import Lang
import Testing

/// Whatever the text: a diagnostic, never a crash.
@Suite struct RobustnessTests {
  @Test(arguments: [
    "(", "[", "{", "-", "not ", "if 1 {", "f(", "x[", "{a:", "fn(x) = ", "2^", "\"{", "try {", "1+",
    "a.b", "a[0]", "x = ", "while 1 {", "else ", "\\", "def f() {",
  ])
  func deepNesting(piece: String) {
    let text = String(repeating: piece, count: 100_000)
    #expect(!Console().session.check(Source(text)).isEmpty)
  }

  @Test func endlessRecursionEnds() {
    #expect(Console.error("def f(x) = f(x + 1)\nf(0)") == "the calls are nested too deeply")
    #expect(Console.error("f = fn(g) = g(g)\nf(f)") == "the calls are nested too deeply")
    #expect(
      Console.show("def f(n) { if n == 0 { return 0 }; return 1 + f(n - 1) }\nf(2000)") == "2000")
  }

  @Test func endlessNestingOfValuesEnds() {
    #expect(Console.error("x = []; while true { x = [x] }") != nil)
    #expect(Console.error("x = {}; while true { x = {a: x} }") != nil)
    #expect(Console.error("x = [0]; while true { x[0] = x }") != nil)
    #expect(Console.error("x = []; while true { x = append([], x) }") != nil)
  }

  @Test(arguments: [
    "0..-1e300", "range(-1e300)", "range(0/0)", "linspace(0, 1, -5)", "0..1e300",
    "1..2 step 1e-300",
    "[1][1e300]", "[1][-1e300:1e300:1e18]", "zeros(2)[9e18]", "int(1e300)", "\"{1e308:.1000f}\"",
    "zeros(0).mean", "median([])", "zeros(0, 3)[:, 1]", "full([0], [])", "zeros(2)[0/0]", "\"\"[0]",
    "rand(-1)", "rand(1, seed=-1)", "format(1, \".99999f\")", "zeros(2)[[]]", "max([])", "{}.x",
    "\"{\"{\"{1}\"}\"}\"", "zip([], [1])", "split(\"\", \"\")", "basename(\"\")",
    "basename(\"///\")",
  ])
  func extremes(text: String) { _ = Console.show(text) }

  @Test func bytesThatAreNoText() {
    let session = Console().session
    #expect(
      session.check(Source(name: "b", bytes: [0, 1, 2, 255, 254, 10, 34, 255, 34])).count >= 2)
    #expect(session.check(Source(name: "b", bytes: Array("x = \"a\0b\"".utf8))).count == 1)
    #expect(session.check(Source(name: "b", bytes: [])).isEmpty)
    #expect(session.check(Source(name: "b", bytes: Array("x = 1".utf8) + [0xff])).count == 1)
  }

  /// Random bytes and random words, the same in every run.
  @Test func randomTexts() {
    var random = Lottery(state: 7)
    let words = [
      "x", "=", "==", "(", ")", "[", "]", "{", "}", ",", ":", "..", ".", "1", "2.5", "\"a{x}b\"",
      "'q'", "if",
      "else", "for", "in", "while", "def", "fn", "return", "try", "catch", "+", "-", "*", "/", "^",
      "mod", "and",
      "or", "not", "step", "\n", ";", " ", " ", "#", "\\", "train", "grid", "method", "n2v", "sqrt",
      "print",
      "zeros", "sweep", "?", "include", "break", "continue", "\"", "{a: 1}", "é", "none", "true",
      "psnr",
    ]
    let session = Console().session
    for round in 0..<1500 {
      var text = ""
      for _ in 0..<(random.next() % 40) {
        text += words[Int(random.next() % UInt64(words.count))]
        if random.next() % 3 == 0 { text += " " }
      }
      _ = session.isComplete(text)
      _ = session.complete(text, cursor: text.count)
      for diagnostic in session.check(Source(text)) { _ = diagnostic.rendered() }
      // Running is safe too: a text of 40 words that is no endless loop ends at once.
      if !text.contains("while") { session.run(text) }
      let bytes = (0..<(round % 60)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      for diagnostic in session.check(Source(name: "bytes", bytes: bytes)) {
        _ = diagnostic.rendered()
      }
    }
  }

  @Test func aTalkativeLoopIsNotQuadratic() {
    let console = Console()
    #expect(console.run("for i in 1..200000 { print i };").hasSuffix("\n200000"))
  }

  @Test func aMillionTurnsRun() {
    #expect(Console.show("i = 0\nwhile i < 1000000 { i = i + 1 }\ni") == "1000000")
    #expect(
      Console.show("def f(n) { s = 0; for i in 1..n { s = s + i }; return s }\nf(1000000)")
        == "500000500000")
    #expect(
      Console.show("x = []; for i in 1..100000 { x = append(x, i) }; x[99999] = 5; len(x)")
        == "100000")
  }
}

/// A small linear congruential generator, for tests only.
struct Lottery {
  var state: UInt64
  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state >> 33
  }
}
