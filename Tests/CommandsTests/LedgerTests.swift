import Commands
import Lang
import TensorEngine
import Testing

extension CommandsTests {
  /// Run folders, `runs`, and what is loaded and repeated from them.
  @Suite struct LedgerTests {
    private static let data = "noisy = sample(\"cells\", size=32, noise=gaussian(25), seed=1)[0]"
    private static let train =
      "train noisy method=n2s model=single_conv batch=2 patch=16 epochs=3 seed=4"

    @Test func aRunFolderKeepsWhatWentInAndWhatCameOut() throws {
      let folder = try WorkFolder()
      let bench = try Bench(Self.data, "net = \(Self.train) name=\"a\" every=2")
      #expect(try bench.run("net.run") == "\"runs/a\"")
      let record = try folder.text("runs/a/run.json")
      #expect(record.contains("\"state\": \"finished\""))
      #expect(record.contains("\"shape\": [32, 32]"))
      #expect(record.contains("\"mask\": \"grid(width=4, fill=interpolate)\""))
      #expect(try bench.table("load \"runs/a/curves.csv\"").column("epoch")?.count == 3)
      // The length and the time of the first record, then the version of TensorFlow's event files. Bytes of
      // the time may make letters with what stands beside them.
      let events = try folder.head("runs/a/events.out.tfevents.dn", 1 << 16).filter { $0 < 0x80 }
      #expect(String(decoding: events, as: UTF8.self).contains("brain.Event:2"))
      #expect(try folder.text("runs/a/script.dn").hasSuffix("name=\"a\" every=2\n"))
      #expect(
        FolderHost().paths(beginning: "runs/a/checkpoints/")
          == ["runs/a/checkpoints/epoch-00002.safetensors"])
      let again = try bench.image("predict (load \"runs/a\") noisy")
      #expect(try again.tensor == bench.image("predict net noisy").tensor)
    }

    @Test func aRunIsRepeatedToTheByte() throws {
      let folder = try WorkFolder()
      let bench = try Bench(
        Self.data,
        "for k in 1..2 { \(Self.train) model=single_conv(kernel=2*k+1) name=\"k{k}\" }"
          .replacing("model=single_conv ", with: ""))
      try bench.run("save noisy \"noisy.npy\"")
      // The script's first part trains and writes again, but only the one run is kept.
      #expect(try bench.run("runs repeat k2 save=\"runs/again\"") == "true")
      #expect(bench.notes.contains("the same bytes"))
      #expect(FolderHost().paths(beginning: "runs/") == ["runs/again/", "runs/k1/", "runs/k2/"])
      withExtendedLifetime(folder) {}
    }

    @Test func aRunThatWasGoneOnWithIsRepeatedWhole() throws {
      let folder = try WorkFolder()
      let bench = try Bench(
        Self.data, "net = \(Self.train) save=\"r\"", "net = resume net epochs=5")
      #expect(try folder.text("r/run.json").contains("\"parts\": 2"))
      #expect(try bench.table("(runs \"r\").history").rowCount == 5)
      #expect(try bench.run("runs repeat r") == "true")
    }

    @Test func aLoadedRunGoesOnAsIfItHadNotStopped() throws {
      let folder = try WorkFolder()
      let bench = try Bench(
        Self.data, "whole = \(Self.train.replacing("epochs=3", with: "epochs=6"))",
        "\(Self.train) save=\"r\"", "net = resume (load \"r\") data=noisy epochs=6")
      let clean = try bench.image("predict net noisy").tensor
      #expect(try clean == bench.image("predict whole noisy").tensor)
      #expect(try bench.refusal("resume load(\"r\")").hint.contains("data=noisy"))
      withExtendedLifetime(folder) {}
    }

    @Test func runsAreListedSortedAndCompared() throws {
      let folder = try WorkFolder()
      let bench = try Bench(
        Self.data, "\(Self.train) name=\"slow\" lr=1e-5", "set ledger=\"runs\"",
        "\(Self.train) model=dncnn(depth=3, channels=4)"
          .replacing("model=single_conv ", with: ""))
      let table = try bench.table("runs sort=best reverse=true")
      #expect(table.column("run")?.compactMap(\.asString) == ["slow", "n2s-noisy-1"])
      #expect(
        try bench.table("runs where=fn(r) = r.run == \"slow\"").column("epochs")?[0].asNumber == 3)
      let different = try bench.table("runs diff slow \"n2s-noisy-1\"")
      #expect(different.names == ["what", "slow", "n2s-noisy-1"])
      let what = different.column("what")?.compactMap(\.asString) ?? []
      #expect(what.contains("lr") && what.contains("model") && !what.contains("data"))
      #expect(try bench.refusal("runs slwo").hint.contains("slow"))
      #expect(try bench.run("runs slow").contains("best      epoch"))
      withExtendedLifetime(folder) {}
    }

    @Test func aRunThatIsThereIsNotReplacedUnasked() throws {
      let folder = try WorkFolder()
      let bench = try Bench(Self.data, "\(Self.train) save=\"r\"")
      #expect(try bench.refusal("\(Self.train) save=\"r\"").hint.contains("overwrite=true"))
      try bench.run("\(Self.train) save=\"r\" overwrite=true")
      try folder.write("x", to: "r2")
      #expect(throws: Refused.self) { try bench.run("\(Self.train) save=\"r2\"") }
      #expect(try bench.refusal("\(Self.train) every=2").hint.contains("save="))
      #expect(try bench.refusal("\(Self.train) name=\"a/b\"").message.contains("a/b"))
    }

    @Test func aFailedRunSaysWhy() throws {
      let folder = try WorkFolder()
      let bench = try Bench(Self.data)
      #expect(throws: Refused.self) {
        try bench.run("\(Self.train) lr=1e30 save=\"r\" optimizer=sgd")
      }
      let record = try folder.text("r/run.json")
      #expect(record.contains("\"state\": \"failed\"") && record.contains("not a number"))
      #expect(try bench.run("runs r").contains("problem"))
    }

    @Test func aPreviewIsWritten() throws {
      let folder = try WorkFolder()
      _ = try Bench(Self.data, "\(Self.train) preview=\"p.png\"")
      #expect(try folder.head("p.png", 4) == [0x89, 0x50, 0x4e, 0x47])
    }

    @Test func anAssignmentIsUndone() throws {
      let bench = try Bench("x = 1", "y = 2; x = 5", "x = 7", "undo")
      #expect(try bench.run("x") == "5")
      try bench.run("undo")
      #expect(try bench.run("x") == "1")
      #expect(bench.session["y"] == nil)
      #expect(bench.session.history.contains("x = 1") && !bench.session.history.contains("x = 7"))
      try bench.run("clear")
      try bench.run("undo")
      #expect(try bench.run("x") == "1")
    }
  }
}
