import Lang
import Testing

@Suite struct ScriptTests {
  @Test func includedFilesRunInPlace() {
    let console = Console(files: [
      "lib/a.dn": "include \"b.dn\"\ndef f(x) = x + base", "lib/b.dn": "base = 10",
    ])
    #expect(console.run("include \"lib/a.dn\"\nf(1)") == "11")
    #expect(console.run("name = \"lib/b.dn\"\ninclude name\nbase + 1") == "11")
  }

  @Test func includesAreCheckedBeforeAnythingRuns() {
    let console = Console(files: ["bad.dn": "x = nothere", "loop.dn": "include \"loop.dn\""])
    #expect(
      console.run("print 1\ninclude \"bad.dn\"") == """
        error: `nothere` is not defined
          --> bad.dn:1:5
           |
         1 | x = nothere
           |     ^^^^^^^
        """)
    #expect(console.run("include \"loop.dn\"").hasPrefix("error: `loop.dn` includes itself\n"))
    #expect(console.run("include \"no.dn\"").hasPrefix("error: there is no file `no.dn`\n"))
    #expect(
      console.run("n = \"loop.dn\"\ninclude n").hasPrefix("error: `loop.dn` includes itself\n"))
  }

  @Test func cellsOfThePercentFormat() {
    let text =
      "x = 1\n# %% First\ny = 2\n# %% [markdown]\n# # Title\n#\n# text\n\nu = 4\n# %%\nz = 3"
    let cells = Cells(Source(text)).cells
    #expect(cells.map(\.isProse) == [false, false, true, false, false])
    #expect(cells.map(\.text) == ["x = 1", "y = 2", "# Title\n\ntext", "u = 4", "z = 3"])
    #expect(cells[1].title == "First")
  }

  @Test func transcriptHasProseCodeAndOutput() {
    let console = Console()
    _ = console.run("# %% [markdown]\n# Hello\n# %%\nx = 2\nprint x\nx + 1\n[1][2]")
    #expect(
      console.session.transcript.entries.dropLast() == [
        .prose("Hello"), .cell(""), .code("x = 2"), .code("print x"), .output("2\n"),
        .code("x + 1"),
        .output("3\n"), .code("[1][2]"),
      ])
  }
}
