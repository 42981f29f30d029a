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
          Interrupt.raise()
          return .none
        })
      try bench.run(
        "some = sweep k=1..5 { if k == 3 { stop()\n while true { k = 3 } }\n record done=k }")
      #expect(try bench.numbers("some.done") == [1, 2])
      #expect(bench.notes.contains("stopped after 2 of 5"))
      #expect(!Interrupt.isPending)
    }

    @Test func whatIsMissingIsSaid() throws {
      let bench = try Bench()
      #expect(try bench.refusal("record x=1").message.contains("sweep"))
      #expect(try bench.refusal("sweep k=3 { record x=1 }").message.contains("`k` takes a list"))
      #expect(try bench.refusal("sweep { record x=1 }").hint.contains("sweep p="))
    }
  }
}
