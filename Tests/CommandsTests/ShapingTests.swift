import Lang
import TensorEngine
import Testing

extension CommandsTests {
  /// Cutting, framing, binning, turning and stacking: elements, shapes, voxel sizes, origins.
  @Suite struct ShapingTests {
    /// A volume of 4 x 6 x 8 whose elements tell their place: 100 z + 10 y + x.
    private func bench() throws -> Bench {
      let bench = try Bench()
      let tensor = Tensor(shape: [4, 6, 8]) { Float(100 * ($0 / 48) + 10 * ($0 / 8 % 6) + $0 % 8) }
      bench.session["vol"] = .image(
        try Image(tensor, voxel: [3, 2, 1], unit: "nm", origin: [30, 20, 10], stored: .int16))
      try bench.run("img = full([2, 3], [[1, 2, 3], [4, 5, 6]])")
      return bench
    }

    @Test func cropKeepsPlacesAndMovesTheOrigin() throws {
      let part = try bench().image("crop vol z=1..2 x=3..5")
      #expect(part.shape == [2, 6, 3])
      #expect(part.tensor.values[0] == 103)
      #expect(part.tensor.values.last == 255)
      #expect(part.origin == [33, 20, 13])
      #expect(part.voxel == [3, 2, 1])
      #expect(part.stored == .int16)
    }

    @Test func cropAroundTheMiddleAndByMargin() throws {
      let bench = try bench()
      #expect(try bench.image("crop vol size=[2, 2, 4]").tensor.values[0] == 122)
      #expect(try bench.image("crop vol margin=1").shape == [2, 4, 6])
      #expect(try bench.refusal("crop vol margin=2").message.contains("leaves nothing"))
      #expect(try bench.refusal("crop vol size=9").hint.contains("pad"))
      #expect(try bench.refusal("crop vol z=2..4").message.contains("from 0 to 3"))
      #expect(try bench.refusal("crop img z=0..0").message.contains("no axis `z`"))
      #expect(try bench.refusal("crop vol").hint.contains("size"))
    }

    @Test func padModesPutInTheRightNeighbours() throws {
      let bench = try bench()
      try bench.run("line = full([4], [1, 2, 3, 4])")
      #expect(try bench.image("pad line 2").tensor.values == [3, 2, 1, 2, 3, 4, 3, 2])
      #expect(
        try bench.image("pad line 2 mode=symmetric").tensor.values == [2, 1, 1, 2, 3, 4, 4, 3])
      #expect(try bench.image("pad line 2 mode=wrap").tensor.values == [3, 4, 1, 2, 3, 4, 1, 2])
      #expect(
        try bench.image("pad line 1 mode=constant value=9").tensor.values == [9, 1, 2, 3, 4, 9])
      #expect(
        try bench.image("pad line size=7 mode=constant").tensor.values == [
          0, 1, 2, 3, 4, 0, 0,
        ])
    }

    @Test func padMovesTheOriginAndCropUndoesIt() throws {
      let bench = try bench()
      let padded = try bench.image("pad vol [1, 2, 3]")
      #expect(padded.shape == [6, 10, 14])
      #expect(padded.origin == [27, 16, 7])
      let back = try bench.image("crop (pad vol [1, 2, 3]) margin=[1, 2, 3]")
      #expect(back.tensor == (try bench.image("vol")).tensor)
      #expect(back.origin == [30, 20, 10])
      #expect(try bench.refusal("pad vol [1, 2]").message.contains("3 space axes"))
    }

    @Test func binAveragesCellsAndGrowsTheVoxel() throws {
      let bench = try bench()
      let small = try bench.image("bin vol 2")
      #expect(small.shape == [2, 3, 4])
      #expect(small.tensor.values[0] == 55.5)
      #expect(small.voxel == [6, 4, 2])
      #expect(small.origin == [31.5, 21, 10.5])
      let sums = try bench.image("bin vol [1, 1, 3] by=sum")
      #expect(sums.shape == [4, 6, 2])
      #expect(Array(sums.tensor.values[0..<2]) == [3, 12])
      #expect(try bench.refusal("bin vol 5").message.contains("4x6x8"))
    }

    @Test func flipAndTransposeReorder() throws {
      let bench = try bench()
      #expect(try bench.image("flip img").tensor.values == [3, 2, 1, 6, 5, 4])
      #expect(try bench.image("flip img axis=[y, x]").tensor.values == [6, 5, 4, 3, 2, 1])
      let turned = try bench.image("transpose vol \"XZY\"")
      #expect(turned.axes == "XZY")
      #expect(turned.shape == [8, 4, 6])
      #expect(turned.voxel == [1, 3, 2])
      #expect(turned.origin == [10, 30, 20])
      #expect(turned.tensor.values[1] == 10)
      #expect(try bench.image("transpose img").tensor.values == [1, 4, 2, 5, 3, 6])
      #expect(try bench.refusal("transpose vol \"XY\"").hint.contains("once"))
      #expect(try bench.refusal("flip img axis=z").message.contains("no axis z"))
    }

    @Test func quarterTurnsAreThoseOfNumPy() throws {
      let bench = try bench()
      #expect(try bench.image("rotate img 90").tensor.values == [3, 6, 2, 5, 1, 4])
      #expect(try bench.image("rotate img 180").tensor.values == [6, 5, 4, 3, 2, 1])
      #expect(try bench.image("rotate img (-90)").tensor.values == [4, 1, 5, 2, 6, 3])
      #expect(try bench.image("rotate vol 90").voxel == [3, 1, 2])
      #expect(try bench.image("rotate vol 90 plane=zx").shape == [8, 6, 4])
    }

    @Test func anAngleTurnsTheSameWayAsAQuarter() throws {
      let bench = try Bench("img = sample(\"cells\", size=33)")
      let exact = try bench.image("rotate img 90").tensor.values
      let nearly = try bench.image("rotate img 90.0001").tensor.values
      let middle = 16 * 33 + 8
      #expect(abs(exact[middle] - nearly[middle]) < 0.1)
      // There and back gives the middle again.
      #expect(
        try bench.number("xcorr (crop (rotate (rotate img 20) (-20)) size=15) (crop img size=15)")
          > 0.98)
    }

    @Test func stacksGoTogetherAndApart() throws {
      let bench = try bench()
      let pair = try bench.image("stack img (img + 10)")
      #expect(pair.axes == "SYX")
      #expect(pair.shape == [2, 2, 3])
      #expect(try bench.image("stack [img, img] axis=c").axes == "CYX")
      #expect(try bench.image("stack (stack img img) (stack img img) axis=c").axes == "SCYX")
      let parts = try #require(try bench.value("unstack (stack img (img + 10))").asList)
      #expect(parts.compactMap(\.asImage).map { $0.tensor.values[0] } == [1, 11])
      #expect(try bench.image("concat img img axis=x").tensor.values[3] == 1)
      #expect(try bench.image("concat img img axis=y").shape == [4, 3])
      #expect(try bench.refusal("stack img vol").message.contains("do not stack"))
      #expect(try bench.refusal("stack vol vol axis=z").hint.contains("concat"))
      #expect(try bench.refusal("concat img vol axis=x").message.contains("do not join"))
      #expect(try bench.refusal("unstack img").message.contains("no axis s"))
    }

    @Test func slicesOfAVolumeKeepTheirVoxel() throws {
      let bench = try bench()
      let parts = try #require(try bench.value("unstack vol axis=z").asList?[1].asImage)
      #expect(parts.voxel == [2, 1])
      #expect(parts.origin == [20, 10])
      let back = try bench.image("stack (unstack vol axis=z) axis=z spacing=3")
      #expect(back.voxel == [3, 2, 1])
      #expect(back.tensor == (try bench.image("vol")).tensor)
      #expect(try bench.image("stack (unstack vol axis=z) axis=z").voxel == nil)
    }

    @Test func normalizeScalesEachChannel() throws {
      let bench = try bench()
      let even = try bench.image("normalize (stack img (100 * img) axis=c) minmax")
      #expect(even.tensor.values.min() == 0)
      #expect(abs(even.tensor.values[5] - even.tensor.values[11]) < 1e-6)
      #expect(abs(try bench.number("std(normalize(vol))") - 1) < 1e-5)
      #expect(try bench.refusal("normalize img percentile low=90 high=10").message.contains("rise"))
    }

    @Test func mixWeighs() throws {
      let bench = try bench()
      #expect(try bench.image("mix img (img * 3) 0.25").tensor.values[0] == 1.5)
      #expect(try bench.refusal("mix img vol").message.contains("differ in shape"))
    }
  }
}
