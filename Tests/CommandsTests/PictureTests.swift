import Commands
import Lang
import TensorEngine
import Testing

extension CommandsTests {
  /// `show` and `plot`.
  @Suite struct PictureTests {
    @Test func picturesAreLettersWithoutColour() throws {
      let bench = try Bench("ramp = full([8, 16], 0) + linspace(0, 1, 16)")
      let text = try bench.run("show ramp width=16 range=[0, 1]")
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      #expect(lines.count == 4)
      #expect(lines.allSatisfy { $0.count == 16 })
      #expect(lines[0].first == " " && lines[0].last == "@")
      #expect(!text.contains("\u{1b}"))
    }

    @Test func picturesAreHalfBlocksInColour() throws {
      let bench = try Bench("img = randn(8, 8, seed=1)")
      bench.session.state(default: Screen.init).colors = .full
      let text = try bench.run("show img")
      #expect(text.contains("▀"))
      #expect(text.contains("\u{1b}[38;2;"))
    }

    @Test func signalsAreDrawnAsCurves() throws {
      let bench = try Bench()
      #expect(try bench.run("show full([5], [1, 5, 2, 4, 3])").contains("position"))
      #expect(try bench.refusal("show zeros(4, 4) z=1").message.contains("no axis z"))
    }

    @Test func chartsFollowTheKindOfValue() throws {
      let bench = try Bench(
        "a = randn(32, 32, seed=1)",
        "results = sweep k=[1, 10, 100] { record psnr=20 + k / 10, ssim=0.5 }")
      #expect(try bench.run("plot a").contains("grey value"))
      #expect(try bench.run("plot a kind=spectrum").contains("spatial frequency"))
      #expect(try bench.run("plot histogram(a)").contains("count"))
      #expect(try bench.run("plot (fsc a a)").contains("0.5"))
      #expect(try bench.run("plot results y=psnr").contains("psnr"))
      #expect(try bench.run("plot results").contains("ssim"))
      #expect(try bench.run("plot [1, 2, 3] [3, 2, 1] labels=[\"up\", \"down\"]").contains("down"))
      #expect(try bench.run("plot [[1, 2], [2, 1]] title=\"two\"").contains("two"))
      #expect(
        try bench.run("plot (compare a a + 1 a labels=[\"one\", \"two\", \"truth\"]) y=psnr")
          .contains("two"))
    }

    @Test func chartsAreWrittenAsFiles() throws {
      let folder = try WorkFolder()
      let bench = try Bench("a = randn(16, 16, seed=1)")
      try bench.run("plot a to=\"a.png\"")
      #expect(try folder.head("a.png", 4) == [0x89, 0x50, 0x4e, 0x47])
      try bench.run("plot [1, 2, 3] to=\"b.svg\" log=true")
      #expect(try folder.text("b.svg").contains("<svg"))
      let pictures = bench.session.transcript.entries.filter {
        if case .picture = $0 { true } else { false }
      }
      #expect(pictures.count >= 1)
      #expect(try bench.refusal("plot a to=\"a.jpg\"").hint.contains(".png"))
    }

    @Test func whatCannotBeDrawnIsSaid() throws {
      let bench = try Bench("a = randn(8, 8, seed=1)")
      #expect(try bench.refusal("plot \"word\"").hint.contains("tables"))
      #expect(try bench.refusal("plot a [1, 2]").message.contains("and a list"))
      #expect(try bench.refusal("plot a kind=profile").hint.contains("line"))
      #expect(try bench.refusal("plot (stats a)").message.contains("a record"))
      #expect(try bench.refusal("plot histogram(a) x=\"nothing\"").hint.contains("from"))
      #expect(try bench.refusal("plot [1, 2] labels=[\"a\", \"b\"]").message.contains("2 labels"))
    }
  }
}
