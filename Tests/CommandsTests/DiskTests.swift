import Lang
import Testing

extension CommandsTests {
  /// Images that stay on the disk, and what is written as it is made.
  @Suite struct DiskTests {
    private static let start = """
      vol = sample("tomogram", size=[24, 32, 32], noise=gaussian(1), seed=1)[0]
      save vol "vol.mrc"
      big = load "vol.mrc" memory=map
      """

    @Test func partsAreRead() throws {
      let folder = try WorkFolder()
      defer { _ = folder }
      let bench = try Bench(DiskTests.start)
      #expect(
        try bench.run("big") == "image 24x32x32 ZYX, float32, voxel 10 A, on the disk (vol.mrc)")
      #expect(try bench.number("max(abs(big[4:8] - vol[4:8]))") == 0)
      #expect(try bench.number("max(abs(big[10:12, ::4, -1] - vol[10:12, ::4, -1]))") == 0)
      #expect(try bench.number("max(abs(big[z=[5, 2]] - vol[z=[5, 2]]))") == 0)
      #expect(try bench.number("max(abs(big - vol))") == 0)
      #expect(try bench.number("stats(\"vol.mrc\").median - stats(vol).median") == 0)
      #expect(try bench.number("big.max - vol.max") == 0)
      #expect(try bench.numbers("[psnr(big, vol + 1) - psnr(vol, vol + 1)]") == [0])
      #expect(try bench.refusal("big[z=24]").message.contains("outside"))
      #expect(try bench.refusal("load \"vol.mrc\" memory=maps").hint == "did you mean `map`?")
    }

    @Test func predictionsAreWrittenAsTheyAreMade() throws {
      let folder = try WorkFolder()
      defer { _ = folder }
      let bench = try Bench(
        DiskTests.start,
        "net = train big method=n2v model=unet(depth=1, channels=4) patch=16 batch=2 steps=2 "
          + "epochs=1 seed=1",
        "whole = predict net vol tile=24 overlap=4")
      for file in ["a.mrc", "a.tif", "a.h5"] {
        try bench.run("clean = predict net big to=\"\(file)\" tile=24 overlap=4")
        #expect(try bench.number("max(abs(whole - (load \"\(file)\")))") == 0, "\(file)")
      }
      #expect(
        try bench.refusal("predict net \"vol.mrc\" to=\"a.h5\"").hint.contains("a_2.h5"))
      try bench.run("save clean \"copy.h5\"\nsave whole \"whole.h5\"")
      #expect(try bench.number("max(abs((load \"copy.h5\") - (load \"whole.h5\")))") == 0)
      try bench.run("counted = predict net vol counts=true")
      #expect(try bench.number("counted.min") >= 0)
      #expect(try bench.number("max(abs(counted - round(counted)))") == 0)
    }
  }
}
