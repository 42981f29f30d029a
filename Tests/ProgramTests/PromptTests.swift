import Glibc
import Testing

/// The prompt under a terminal: history, Ctrl-C, Ctrl-D, paste, windows.
@Suite(.serialized) struct PromptTests {
  private static let up = "\u{1b}[A"
  private static let interrupt = "\u{3}"
  private static let leave = "\u{4}"

  private func start(
    in folder: Scratch, columns: Int32 = 100, environment: [String: String] = [:]
  ) throws -> TerminalSession {
    let dn = try TerminalSession(in: folder, columns: columns, environment: environment)
    try dn.expect("dn> ")
    return dn
  }

  @Test func leavesOnControlD() throws {
    let dn = try start(in: Scratch())
    dn.send(PromptTests.leave)
    #expect(dn.end() == 0)
  }

  @Test func continuationLines() throws {
    let dn = try start(in: Scratch())
    dn.send("for i in 1..2 {\r")
    try dn.expect("...> ")
    dn.send("print 10 * i\r")
    try dn.expect("...> ")
    let seen = try dn.run("}")
    #expect(seen == "10\r\n20\r\n")
  }

  @Test func historyIsKeptBetweenSessions() throws {
    let folder = try Scratch()
    let environment = ["DN_HISTORY": folder.file("state/of/dn/history")]
    let first = try start(in: folder, environment: environment)
    let second = try start(in: folder, environment: environment)
    try first.run("111 + 1")
    try second.run("222 + 2")
    first.send("[333,\r")
    try first.expect("...> ")
    try first.run("3]")
    first.send(PromptTests.leave)
    second.send(PromptTests.leave)
    #expect(first.end() == 0 && second.end() == 0)

    let third = try start(in: folder, environment: environment)
    #expect(try third.run(PromptTests.up).contains("[333, 3]"))
    // What was just run again is the newest, but stands in the history once.
    #expect(try third.run(PromptTests.up + PromptTests.up).contains("224"))
    #expect(try third.run(PromptTests.up + PromptTests.up + PromptTests.up).contains("112"))
  }

  @Test func theHistoryOfAnotherSessionIsSearched() throws {
    let folder = try Scratch()
    let environment = ["DN_HISTORY": folder.file("history")]
    let first = try start(in: folder, environment: environment)
    try first.run("alpha = 5000 + 1")
    try first.run("beta = 7")
    first.send(PromptTests.leave)
    #expect(first.end() == 0)

    let second = try start(in: folder, environment: environment)
    second.send("\u{12}")
    try second.expect("search")
    second.send("lph")
    try second.expect("alpha = 5000 + 1")
    second.send("\r")
    try second.expect("\r\n")
    try second.expect("dn> ")
    #expect(try second.run("print alpha") == "5001\r\n")
  }

  @Test func controlCAtThePromptDropsTheLine() throws {
    let dn = try start(in: Scratch())
    dn.send("print 5 +")
    try dn.expect("print 5 +")
    dn.send(PromptTests.interrupt)
    try dn.expect("^C")
    try dn.expect("dn> ")
    dn.send("for i in 1..3 {\r")
    try dn.expect("...> ")
    dn.send(PromptTests.interrupt)
    try dn.expect("dn> ")
    dn.send(PromptTests.interrupt)
    try dn.expect("dn> ")
    dn.send(PromptTests.interrupt)
    try dn.expect("dn> ")
    #expect(try dn.run("print 1 + 1") == "2\r\n")
  }

  @Test func controlCEndsAnEndlessLoop() throws {
    let dn = try start(in: Scratch())
    try dn.run("x = 41")
    dn.send("print \"begin\"; while true { }\r")
    try dn.expect("\r\nbegin\r\n")
    dn.send(PromptTests.interrupt)
    try dn.expect("interrupted")
    try dn.expect("dn> ")
    #expect(try dn.run("x + 1") == "42\r\n")
  }

  @Test func controlCInTheMidstOfATrainingKeepsTheModel() throws {
    let dn = try start(in: Scratch())
    try dn.run("noisy, truth = sample(\"cells\", size=64, noise=gaussian(25), seed=1)")
    dn.send("net = train noisy model=single_conv mask=grid(4) epochs=1000000\r")
    try dn.expect("loss")
    dn.send(PromptTests.interrupt)
    try dn.expect("stopped after")
    try dn.expect("dn> ")
    try dn.run("clean = predict net noisy")
    #expect(try dn.run("print clean.shape") == "[64, 64]\r\n")
    dn.send("net = resume net epochs=1000000\r")
    try dn.expect("loss")
    // With the second one the terminal may throw away what was just written: the prompt is enough.
    dn.send(PromptTests.interrupt + PromptTests.interrupt)
    try dn.expect("dn> ")
    #expect(try dn.run("print type(net)") != "")
  }

  @Test func aPasteOfSeveralLines() throws {
    let dn = try start(in: Scratch())
    dn.send("\u{1b}[200~for i in 1..2 {\n  print 7 * i\n}\nprint \"done\"\u{1b}[201~\r")
    try dn.expect("7\r\n14\r\ndone\r\n")
    try dn.expect("dn> ")
  }

  @Test func severalLinesAtOnceWithoutPasteMarks() throws {
    let dn = try start(in: Scratch(), environment: ["TERM": "dumb"])
    dn.send("for i in 1..2 {\rprint 7 * i\r}\rprint \"done\"\r")
    try dn.expect("7\r\n14\r\n")
    try dn.expect("\ndone\r\n")
  }

  @Test func errorsUnderlineAndThePromptGoesOn() throws {
    let dn = try start(in: Scratch())
    let seen = try dn.run("1 + nosuch")
    #expect(seen.contains("`nosuch` is not defined"))
    #expect(seen.contains("     ^^^^^^"))
    #expect(dn.raw.contains("\u{1b}[1;31merror"))
    #expect(try dn.run("2") == "2\r\n")
  }

  @Test func noColourWhereItIsNotWanted() throws {
    let dn = try start(in: Scratch(), environment: ["NO_COLOR": "1"])
    try dn.run("1 + nosuch")
    #expect(!dn.raw.contains("\u{1b}[1;31m"))
  }

  @Test func noControlCodesOnADumbTerminal() throws {
    let dn = try start(in: Scratch(), environment: ["TERM": "dumb"])
    try dn.run("1 + nosuch")
    #expect(try dn.run("print 3 * 3") == "9\r\n")
    #expect(!dn.raw.contains("\u{1b}"))
  }

  @Test func aNarrowWindow() throws {
    let dn = try start(in: Scratch(), columns: 40)
    try dn.run("noisy, truth = sample(\"cells\", size=64, noise=gaussian(25), seed=1)")
    dn.send("net = train noisy model=single_conv mask=grid(4) epochs=1000000\r")
    try dn.expect("%")
    try dn.expect("%")
    let from = dn.raw.endIndex
    try dn.expect("%")
    try dn.expect("%")
    let bars = dn.raw[from...].split(separator: "\r").filter { $0.hasPrefix("train") }
    #expect(!bars.isEmpty)
    // A letter for each column, the erasing code not counted.
    #expect(bars.allSatisfy { $0.prefix { $0 != "\u{1b}" }.count < 40 })
    dn.send(PromptTests.interrupt)
    try dn.expect("stopped after")
  }

  @Test func aWindowThatChangesItsSize() throws {
    let dn = try start(in: Scratch())
    dn.send("print 4")
    try dn.expect("print 4")
    dn.resize(columns: 50, rows: 20)
    dn.send("2\r")
    try dn.expect("42\r\n")
    try dn.expect("dn> ")
  }

  @Test func anEndFromOutside() throws {
    let dn = try start(in: Scratch())
    kill(dn.processNumber, SIGTERM)
    #expect(dn.end() == 128 + SIGTERM)
  }
}
