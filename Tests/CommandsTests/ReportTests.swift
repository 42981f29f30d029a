import Commands
import Lang
import Testing

extension CommandsTests {
  /// `report` as page, notebook and Markdown.
  @Suite struct ReportTests {
    private static let script = """
      # %% [markdown]
      # # Title & more
      # A *word* and `code`.
      # %% First
      # a comment
      x = [1, 2] # two
      print "<b>" x; y = 1
      # %%
      plot x
      """

    @Test func aPageHoldsProseCodeOutputAndPictures() throws {
      let folder = try WorkFolder()
      let bench = try Bench()
      bench.session.run(Source(Self.script, name: "a.dn"))
      try bench.run("report \"a.html\"")
      let page = try folder.text("a.html")
      for piece in [
        "<title>Title &amp; more</title>", "<em>word</em>", "<h2>First</h2>",
        "<span class=\"comment\"># a comment</span>", "<span class=\"comment\"># two</span>",
        "<pre class=\"output\">&lt;b&gt; [1, 2]</pre>", "data:image/svg+xml;base64,",
        "<span class=\"command\">plot</span>", "Made by dn",
      ] {
        #expect(page.contains(piece), "\(piece)")
      }
      // No other file is asked for, and the command itself is no part of the report.
      #expect(!page.contains("src=\"http") && !page.contains("report"))
      #expect(try bench.refusal("report \"a.html\"").hint.contains("overwrite=true"))
      #expect(try bench.refusal("report \"a.pdf\"").hint.contains(".html"))
    }

    @Test func anErrorStandsBehindItsStatement() throws {
      let folder = try WorkFolder()
      let bench = try Bench()
      bench.session.run("a = [1]\nprint a\na[4]")
      try bench.run("report \"a.md\"")
      let text = try folder.text("a.md")
      #expect(text.contains("```dn\na = [1]\nprint a\n```"))
      #expect(text.contains("```text\nerror: "))
    }

    @Test func aNotebookHasTheCellsOfTheScript() throws {
      let folder = try WorkFolder()
      let bench = try Bench()
      bench.session.run(Source(Self.script, name: "a.dn"))
      try bench.run("report \"a.ipynb\"")
      let text = try folder.text("a.ipynb")
      #expect(text.contains("\"cell_type\": \"markdown\""))
      #expect(text.contains("# Title & more\\n"))
      #expect(text.contains("print \\\"<b>\\\" x;"))
      #expect(text.contains("\"output_type\": \"display_data\""))
    }

    @Test func theScriptLeavesOutWhatFailed() throws {
      let bench = try Bench("a = 1")
      _ = try bench.refusal("b = a[3]")
      _ = try bench.refusal("nosuch 3")
      try bench.run("c = 2")
      #expect(bench.session.transcript.script == "a = 1\nc = 2\n")
    }
  }
}
