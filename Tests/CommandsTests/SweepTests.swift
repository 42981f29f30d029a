import Lang
import TensorEngine
import Testing

extension CommandsTests {
  /// `sweep` and `record`.
  @Suite struct SweepTests {
    @Test func everyCombinationMakesARow() throws {
      let bench = try Bench()
      let table = try bench.table("sweep a=[1, 2] b=3..5 { record sum=a + b, label=\"{a}-{b}\" }")
      #expect(table.names == ["a", "b", "sum", "label"])
      #expect(table.column("a")?.compactMap(\.asNumber) == [1, 1, 1, 2, 2, 2])
      #expect(table.column("b")?.compactMap(\.asNumber) == [3, 4, 5, 3, 4, 5])
      #expect(table.column("sum")?.compactMap(\.asNumber) == [4, 5, 6, 5, 6, 7])
      #expect(table.column("label")?[5].asString == "2-5")
    }

    @Test func errorsEndTheirCombinationAlone() throws {
      let bench = try Bench()
      let table = try bench.table(
        "sweep k=[1, 0, 2] { record early=k\n if k == 0 { zeros(-1) }\n record late=10 * k }")
      #expect(table.names == ["k", "early", "late", "error"])
      #expect(table.column("late")?.map(\.asNumber) == [10, nil, 20])
      #expect(table.column("early")?.compactMap(\.asNumber) == [1, 0, 2])
      #expect(table.column("error")?[1].asString?.contains("sizes") == true)
      #expect(table.column("error")?[0].isNone == true)
    }

    @Test func sweepsMayBeNested() throws {
      let bench = try Bench()
      try bench.run(
        "outer = sweep a=[1, 2] { inner = sweep b=[1, 2, 3] { record c=a * b }\n record top=max(inner.c) }"
      )
      #expect(try bench.numbers("outer.top") == [3, 6])
      #expect(try bench.table("outer").names == ["a", "top"])
    }

    @Test func interruptsKeepTheRowsSoFar() throws {
      let bench = try Bench()
      bench.session.keepsInterruptedWork = true
      bench.session["stop"] = .function(
        Function(name: "stop") { _, _ in
          Interrupt.raiseHere()
          return .none
        })
      try bench.run(
        "some = sweep k=1..5 { if k == 3 { stop()\n while true { k = 3 } }\n record done=k }")
      #expect(try bench.numbers("some.done") == [1, 2])
      #expect(bench.notes.contains("stopped after 2 of 5"))
      #expect(!Interrupt.isPending)
    }

    /// What ran is counted by a function of the host.
    private func counted(_ bench: Bench) -> () -> [Double] {
      final class Ran { var keys: [Double] = [] }
      let ran = Ran()
      bench.session["ran"] = .function(
        Function(name: "ran") { values, _ in
          ran.keys.append(values[0].asNumber ?? 0)
          return .none
        })
      return { ran.keys }
    }

    private static let kept =
      "t = sweep k=1..4 save=\"s\" { ran(k)\n if k == broken { zeros(-1) }\n record draw=rand(), inv=1 / (k - 1) }"

    @Test func whatIsKeptIsNotRunAgain() throws {
      let folder = try WorkFolder()
      let first = try Bench("broken = 3")
      let firstRan = counted(first)
      try first.run(Self.kept)
      #expect(firstRan() == [1, 2, 3, 4])
      #expect(first.notes.contains("1 of 4 combinations failed"))
      // As after a kill in the midst: the last line of the journal is cut off.
      let journal = try folder.text("s/rows.jsonl")
      try folder.write(String(journal.dropLast(20)), to: "s/rows.jsonl")
      let second = try Bench("broken = 0")
      let secondRan = counted(second)
      try second.run(Self.kept)
      #expect(secondRan() == [3, 4])
      #expect(second.notes.contains("2 of 4 combinations were there already"))
      // The same draws as in a sweep that was never broken off.
      let whole = try Bench("broken = 0")
      _ = counted(whole)
      try whole.run(Self.kept.replacing("save=\"s\" ", with: ""))
      #expect(try second.numbers("t.draw") == whole.numbers("t.draw"))
      #expect(try second.numbers("t.inv")[0] == .infinity)
      #expect(try second.table("load \"s/table.csv\"").rowCount == 4)
    }

    @Test func anotherSweepsFolderIsNotTaken() throws {
      let folder = try WorkFolder()
      let bench = try Bench("sweep k=1..2 save=\"s\" { record a=k }")
      #expect(
        try bench.refusal("sweep k=1..2 save=\"s\" { record a=2*k }").hint.contains("overwrite"))
      try bench.run("t = sweep k=1..3 save=\"s\" { record a=k }")
      #expect(try bench.numbers("t.a") == [1, 2, 3])
      try bench.run("t = sweep k=1..2 save=\"s\" overwrite=true { record a=2*k }")
      #expect(try bench.numbers("t.a") == [2, 4])
      withExtendedLifetime(folder) {}
    }

    @Test func aSweepIsPlottedByAColumn() throws {
      let bench = try Bench("t = sweep a=1..3 b=[\"x\", \"y\"] { record c=a^2 }")
      let chart = try bench.run("plot t x=a y=c by=b")
      #expect(chart.contains("b x") && chart.contains("b y"))
      #expect(try bench.refusal("plot t by=d").message.contains("no column `d`"))
    }

    @Test func whatIsMissingIsSaid() throws {
      let bench = try Bench()
      #expect(try bench.refusal("record x=1").message.contains("sweep"))
      #expect(try bench.refusal("sweep k=3 { record x=1 }").message.contains("`k` takes a list"))
      #expect(try bench.refusal("sweep { record x=1 }").hint.contains("sweep p="))
    }
  }
}
