import Testing

/// Ways to call the program, and the status it leaves with.
@Suite struct InvocationTests {
  @Test func runsCommands() throws {
    let result = try Dn.run(["-c", "print 1 + 1; print args", "a", "b"])
    #expect(result.status == 0)
    #expect(result.output == "2\n[\"a\", \"b\"]\n")
    #expect(result.error == "")
  }

  @Test func runsAScriptWithItsArguments() throws {
    let folder = try Scratch()
    try folder.write("#!/usr/bin/env dn\nprint args[0] len(args)\n", to: "s.dn")
    let result = try Dn.run(["s.dn", "--html", "x"], in: folder)
    #expect(result.status == 0)
    #expect(result.output == "--html 2\n")
  }

  @Test func runsAScriptFromStandardInput() throws {
    let result = try Dn.run(["-", "word"], input: "x = 2\nprint args x\n".utf8)
    #expect(result.status == 0)
    #expect(result.output == "[\"word\"] 2\n")
  }

  @Test func aScriptEndsAtItsFirstError() throws {
    let result = try Dn.run(["-"], input: "print 1\nprint [1][5]\nprint 2\n".utf8)
    #expect(result.status == 1)
    #expect(result.output == "1\n")
    #expect(result.error.contains("--> <stdin>:2:"))
  }

  @Test func includesAFileBesideTheScript() throws {
    let folder = try Scratch()
    try folder.makeFolder("sub")
    try folder.write("include \"b.dn\"\nprint twice(4)\n", to: "sub/a.dn")
    try folder.write("def twice(x) = 2 * x\n", to: "sub/b.dn")
    let result = try Dn.run(["run", "sub/a.dn"], in: folder)
    #expect(result.output == "8\n")
    #expect(result.status == 0)
  }

  @Test func checksWithoutRunning() throws {
    let folder = try Scratch()
    try folder.write("print 1\nnet = train noisy epoch=50\n", to: "first.dn")
    try folder.write("print 1\n", to: "good.dn")
    let result = try Dn.run(["check", "first.dn"], in: folder)
    #expect(result.status == 1)
    #expect(result.output == "")
    #expect(result.error.contains("error: `train` has no option `epoch`\n  --> first.dn:2:"))
    #expect(result.error.contains("hint: did you mean `epochs`?"))
    let good = try Dn.run(["check", "good.dn"], in: folder)
    #expect(good.status == 0 && good.output == "" && good.error == "")
  }

  @Test func tellsItsVersionAndItsUse() throws {
    let version = try Dn.run(["--version"])
    #expect(version.status == 0)
    #expect(version.output.hasPrefix("dn ") && version.output.hasSuffix("\n"))
    let usage = try Dn.run(["--help"])
    #expect(usage.status == 0)
    #expect(usage.output.contains("dn check FILE.dn"))
  }

  @Test func helps() throws {
    let overview = try Dn.run(["help"])
    #expect(overview.output.contains("psnr") && overview.status == 0)
    let topic = try Dn.run(["help", "psnr"])
    #expect(topic.output.hasPrefix("psnr - "))
    let unknown = try Dn.run(["help", "psnrr"])
    #expect(unknown.status == 2)
    #expect(unknown.error.contains("did you mean `psnr`?"))
  }

  @Test(arguments: [
    ["-x"], ["-c"], ["run"], ["check"], ["run", "--html"], ["run", "--wrong", "a.dn"],
    ["check", "a.dn", "b.dn"], ["nosuch.dn"], ["run", "nosuch.dn"], ["check", "nosuch.dn"],
    ["--nosuch"], ["help", "a", "b"],
  ])
  func wrongUseIsToldApart(words: [String]) throws {
    let result = try Dn.run(words)
    #expect(result.status == 2)
    #expect(result.output == "")
    #expect(result.error.hasPrefix("error: "))
  }

  @Test func quitGivesItsStatus() throws {
    #expect(try Dn.run(["-c", "quit 7"]).status == 7)
    #expect(try Dn.run([], input: "quit 3\nprint 1\n".utf8).status == 3)
  }
}
