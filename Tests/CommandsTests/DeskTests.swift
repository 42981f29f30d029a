import Lang
import TensorEngine
import Testing

extension CommandsTests {
  /// Settings, folders, variables, history and option files.
  @Suite struct DeskTests {
    @Test func settingsAreShownAndSet() throws {
      let bench = try Bench()
      let threads = Parallel.threads
      defer { Parallel.threads = threads }
      try bench.run("set threads=1 seed=7")
      #expect(try bench.run("threads") == "1")
      #expect(try bench.run("seed") == "7")
      let settings = try #require(try bench.value("set()").asRecord)
      #expect(settings.names == ["threads", "cores", "seed", "ledger"])
      #expect(try bench.refusal("threads 0").message.contains("from 1"))
    }

    @Test func theSeedRepeatsWhatIsDrawn() throws {
      let bench = try Bench()
      let first = try bench.run("seed 3; rand()")
      let second = try bench.run("rand()")
      #expect(first != second)
      #expect(try bench.run("seed 3; rand()") == first)
    }

    @Test func timeMeasuresBlocksExpressionsAndFunctions() throws {
      let bench = try Bench()
      #expect(try bench.number("time { a = 1 }") >= 0)
      #expect(try bench.run("a") == "1")
      #expect(try bench.number("time (randn(64, 64))") > 0)
      #expect(try bench.number("time fn() = randn(64, 64)") > 0)
      #expect(try bench.refusal("time()").hint.contains("time {"))
    }

    @Test func foldersAreListedAndChanged() throws {
      let folder = try WorkFolder()
      try folder.write("abc", to: "a.txt")
      let bench = try Bench("save zeros(4, 4) \"b.npy\"")
      #expect(try bench.run("pwd").contains(folder.path))
      let table = try bench.table("ls()")
      #expect(table.column("name")?.compactMap(\.asString) == ["a.txt", "b.npy"])
      #expect(table.column("bytes")?[0].asNumber == 3)
      #expect(try bench.table("ls(\"*.npy\")").rowCount == 1)
      #expect(try bench.refusal("ls \"none\"").message.contains("none"))
      try bench.run("cd \"/\"")
      #expect(try bench.run("pwd") == "\"/\"")
      #expect(try bench.refusal("cd \"/no such folder\"").message.contains("No such file"))
    }

    @Test func variablesAreListedAndForgotten() throws {
      let bench = try Bench("a = zeros(100, 10)", "b = \"text\"")
      let table = try bench.table("vars()")
      let row = try #require(table.rows.first { $0["name"]?.asString == "a" })
      #expect(row["kind"]?.asString == "image")
      #expect(row["value"]?.asString == "100x10 YX")
      #expect(row["memory"]?.asString == "4 kB")
      try bench.run("clear a")
      #expect(bench.session["a"] == nil)
      #expect(bench.session["b"] != nil)
      #expect(try bench.refusal("clear bb").hint.contains("`b`"))
      try bench.run("clear")
      #expect(bench.session.variableNames.isEmpty)
    }

    @Test func whatWasTypedIsKeptAndRunsAgain() throws {
      let folder = try WorkFolder()
      let bench = try Bench("a = 2", "b = a * 3")
      _ = try bench.refusal("nonsense here")
      #expect(try bench.run("history") == "a = 2\nb = a * 3")
      try bench.run("session save \"day.dn\"")
      let script = try folder.text("day.dn")
      #expect(script.hasPrefix("# dn "))
      let again = try Bench(script)
      #expect(try again.run("b") == "6")
      #expect(try bench.refusal("session save \"day.dn\"").message.contains("day.dn"))
      try bench.run("session save \"day.dn\" overwrite=true")
      #expect(try folder.text("day.dn") == script)
    }

    @Test func helpTellsOfCommandsAndFunctions() throws {
      let bench = try Bench()
      #expect(try bench.run("help crop").hasPrefix("crop - "))
      #expect(try bench.run("help").contains("bandpass"))
      #expect(try bench.refusal("help cropp").hint.contains("crop"))
      #expect(try bench.refusal("quit 3").message == "quit 3")
    }
  }
}
