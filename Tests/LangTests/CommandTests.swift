import Lang
import TensorEngine
import Testing

@Suite struct CommandTests {
  private func console() -> Console {
    let console = Console()
    _ = console.run("img = zeros(2, 2)")
    return console
  }

  @Test(arguments: [
    ("train img", "\"auto 100 0.0004 - - \""),
    (
      "train img epochs=5 mask=grid(width=2) loss=mse + 0.5*tv",
      "\"auto 5 0.0004 grid(width=2, fill=zero) mse + 0.5 * tv \""
    ),
    ("train data=img lr=0.1", "\"auto 100 0.1 - - \""),
    ("train epochs=2 img", "\"auto 2 0.0004 - - \""),
    ("train(img, per_channel=false)", "\"auto 100 0.0004 - - shared\""),
    ("train img mask=none", "\"auto 100 0.0004 - - \""),
    ("train img patch=[8, 16]", "\"auto 100 0.0004 - - [8, 16]\""),
    ("train img mask=grid", "\"auto 100 0.0004 grid(width=4, fill=zero) - \""),
    ("train img with={epochs: 7, lr: 0.5} lr=0.25", "\"auto 7 0.25 - - \""),
    ("stack img img img", "3"),
    ("o = {method: \"n2v\"}; train img with=o", "\"n2v 100 0.0004 - - \""),
    ("labels img 1 + 2 title=\"t\"", "[\"img\", \"1 + 2\"]"),
    (
      "train img with={loss: \"mse + tv\", mask: \"grid\"}",
      "\"auto 100 0.0004 grid(width=4, fill=zero) mse + tv \""
    ),
    ("map(fn(e) = train(img, epochs=e), [1])[0]", "\"auto 1 0.0004 - - \""),
    ("f = train; f(img, epochs=3)", "\"auto 3 0.0004 - - \""),
  ])
  func binding(text: String, shown: String) { #expect(console().run(text) == shown) }

  @Test func errorOfACommandUnderlinesTheArgumentItNames() {
    #expect(
      console().run("train img epochs=13") == """
        error: 13 passes bring bad luck
          --> test.dn:1:18
           |
         1 | train img epochs=13
           |                  ^^
        """)
  }

  @Test func helpComesFromTheDeclaration() throws {
    #expect(
      try Console().session.help("grid") == """
        grid - hides one pixel of each cell

          grid [WIDTH] [fill=zero]

          WIDTH  side of a cell (a whole number, at least 1; default 4)
          fill=  what hidden pixels become (one of zero, mean, median; default zero)

          grid(width=4)   # every fourth

        """)
    #expect(try Console().session.help().contains("help group"))
    #expect(try Console().session.help("training").contains("train  trains a network\n"))
    #expect(try Console().session.help("while").contains("while c { … }"))
    #expect(Console.show("?trian").contains("did you mean `train`?"))
    #expect(Console.show("?sqrt").hasPrefix("sqrt - square root"))
  }

  @Test func manualHasAPageForEachCommand() throws {
    let pages = Console().session.catalogue.manual
    let page = try #require(pages.first { $0.entries.contains { $0.name == "grid" } })
    #expect(page.markdown.hasPrefix("# \(page.group)\n"))
    #expect(page.markdown.contains("## grid\n\nHides one pixel of each cell.\n"))
    #expect(
      page.markdown.contains(
        "| `fill=` | one of zero, mean, median | `zero` | what hidden pixels become |"))
    let told = pages.flatMap { $0.entries.map(\.name) }
    #expect(TestCommands.all.allSatisfy { told.contains($0.name) })
  }

  @Test(arguments: [
    ("tra", 0, ["train"]), ("train img epo", 10, ["epochs="]),
    ("train img method=n", 17, ["n2s", "n2v"]),
    ("x = psn", 4, ["psnr"]), ("print (psnr img pea", 16, ["peak="]), ("img.sha", 4, ["shape"]),
    ("include \"a", 9, ["a.dn"]), ("sum(img, axis=", 14, ["c", "s", "t", "x", "y", "z"]),
    ("whe", 0, ["where"]),
    ("train(img, lr", 11, ["lr="]), ("im", 0, ["img"]), ("grid(fill=me", 10, ["mean", "median"]),
  ])
  func completion(line: String, start: Int, candidates: [String]) {
    let console = Console(files: ["a.dn": "", "b.dn": ""])
    _ = console.run("img = zeros(2, 2)")
    #expect(
      console.session.complete(line, cursor: line.count).start == start)
    #expect(console.session.complete(line, cursor: line.count).candidates == candidates)
  }

  @Test func typedStatementsAreRemembered() {
    let session = Console().session
    session.runTyped("x = 1")
    session.runTyped("x = nothere")
    session.runTyped("  ")
    session.runTyped("y = x")
    #expect(session.history == ["x = 1", "y = x"])
  }
}
