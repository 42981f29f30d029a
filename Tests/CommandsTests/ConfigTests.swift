import Lang
import Testing

extension CommandsTests {
  /// Files of options.
  @Suite struct ConfigTests {
    private func read(_ text: String) throws -> String {
      let folder = try WorkFolder()
      try folder.write(text, to: "in.yaml")
      return try Bench().run("print config(\"in.yaml\")")
    }

    private func refusal(_ text: String) throws -> String {
      let folder = try WorkFolder()
      try folder.write(text, to: "in.yaml")
      return try Bench().refusal("config(\"in.yaml\")").message
    }

    @Test func scalars() throws {
      #expect(
        try read("a: 1\nb: 2.5e-4\nc: true\nd: null\ne: a word\nf: ~\ng:\nh: -3\ni: 0x1f\n")
          == "{a: 1, b: 0.00025, c: true, d: none, e: \"a word\", f: none, g: none, h: -3, i: 31}")
    }

    @Test func quotedStringsAndComments() throws {
      #expect(
        try read(
          """
          # first
          ---
          a: 'it''s # no comment'   # but this is
          b: "tab\\t \\u00e9"
          c: has#no comment
          "odd: key": 'yes'
          """) == "{a: \"it's # no comment\", b: \"tab\\t é\", c: \"has#no comment\", "
          + "\"odd: key\": \"yes\"}")
    }

    @Test func nestedMapsAndLists() throws {
      #expect(
        try read(
          """
          train:
            epochs: 20
            sizes: [64, 64,
                    [1, 2]]
            more: {lr: 1e-3, names: [a, "b"]}
          maps:
          - name: one
            kept: true
          -
            name: two
          - - 1
            - 2
          last: done
          """) == "{train: {epochs: 20, sizes: [64, 64, [1, 2]], "
          + "more: {lr: 0.001, names: [\"a\", \"b\"]}}, "
          + "maps: [{name: \"one\", kept: true}, {name: \"two\"}, [1, 2]], last: \"done\"}")
    }

    @Test func jsonIsReadToo() throws {
      #expect(
        try read("{\"a\": [1, true, null],\n \"b\": {\"c\": \"x\"}}")
          == "{a: [1, true, none], b: {c: \"x\"}}")
      #expect(try read("# nothing\n") == "{}")
    }

    @Test func faultsNameTheirLine() throws {
      #expect(try refusal("a: 1\n\tb: 2\n").contains("line 2: the line is indented by a tab"))
      #expect(try refusal("a: 1\n  b: 2\n").contains("line 2"))
      #expect(try refusal("a: 1\nb 2\n").contains("line 2: `name: value` is missing"))
      #expect(try refusal("a: 1\na: 2\n").contains("line 2: `a` is given twice"))
      #expect(try refusal("a: [1, 2\n").contains("not closed"))
      #expect(try refusal("a: \"x\n").contains("the string is not closed"))
      #expect(try refusal("a: &x 1\n").contains("anchors"))
      #expect(try refusal("a: |\n  text\n").contains("block strings"))
      #expect(try refusal("a: 1\n---\nb: 2\n").contains("second document"))
      #expect(
        try refusal(String(repeating: "[", count: 300)).contains("nested too deeply"))
      #expect(try Bench().refusal("config(\"/no/file.yaml\")").message.contains("no file"))
    }

    @Test func optionsReachACommand() throws {
      let folder = try WorkFolder()
      try folder.write("epochs: 2\nwidth: 3\n", to: "in.yaml")
      let bench = try Bench("noisy = randn(16, 16, seed=1)")
      let refused = try bench.refusal("train noisy with=config(\"in.yaml\")")
      #expect(refused.message.contains("`width`"))
    }
  }
}
