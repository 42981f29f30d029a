import Testing

/// What outlives the program: reports, run folders, broken-off sweeps, the kernel's place.
@Suite struct KeptWorkTests {
  @Test func reportsOfARun() throws {
    let folder = try Scratch()
    try folder.write("# %% [markdown]\n# # Sums\n# %%\nprint 1 + 1\nshow zeros(8, 8)\n", to: "a.dn")
    let result = try Dn.run(
      ["run", "a.dn", "word", "--html", "a.html", "--md=a.md", "--ipynb", "a.ipynb"], in: folder)
    #expect(result.status == 0)
    #expect(result.error == "wrote a.html\nwrote a.md\nwrote a.ipynb\n")
    let page = try folder.read("a.html")
    #expect(page.hasPrefix("<!doctype html>") && page.contains("data:image/png;base64,"))
    #expect(try folder.read("a.md").contains("![](a-1.png)"))
    #expect(try folder.read("a.ipynb").contains("\"nbformat\": 4"))
  }

  @Test func aFailedRunIsReportedAsFarAsItCame() throws {
    let folder = try Scratch()
    try folder.write("print \"so far\"\n[1][3]\nprint \"never\"\n", to: "a.dn")
    let result = try Dn.run(["run", "a.dn", "--html", "a.html"], in: folder)
    #expect(result.status == 1)
    let page = try folder.read("a.html")
    #expect(page.contains("so far") && page.contains("class=\"error\"") && !page.contains("never"))
  }

  @Test(arguments: [["--html", "a.txt"], ["--md", "a.html"], ["--ipynb"]])
  func aReportNamesItsKind(words: [String]) throws {
    let folder = try Scratch()
    try folder.write("print 1\n", to: "a.dn")
    #expect(try Dn.run(["run", "a.dn"] + words, in: folder).status == 2)
  }

  @Test func aSweepThatWasBrokenOffGoesOn() throws {
    let folder = try Scratch()
    let script = """
      t = sweep k=1..12 save="kept" {
        print k
        record square=k^2
        if k == 7 and len(args) > 0 { quit 3 }
      }
      print (sum t.square)

      """
    try folder.write(script, to: "a.dn")
    #expect(try Dn.run(["a.dn", "break"], in: folder).status == 3)
    let second = try Dn.run(["a.dn"], in: folder)
    #expect(second.output == "7\n8\n9\n10\n11\n12\n650\n")
    #expect(second.error.contains("6 of 12 combinations were there already"))
    #expect(try folder.read("kept/table.csv").hasPrefix("k,square\n1,1\n"))
  }

  @Test func theKernelIsInstalled() throws {
    let folder = try Scratch()
    let result = try Dn.run(["jupyter", "install", "--prefix", folder.path], in: folder)
    #expect(result.status == 0)
    let kernel = try folder.read("share/jupyter/kernels/dn/kernel.json")
    #expect(kernel.contains("\"{connection_file}\"") && kernel.contains(Dn.path))
    #expect(try Dn.run(["jupyter"], in: folder).status == 2)
    #expect(try Dn.run(["jupyter", "kernel", "nosuch.json"], in: folder).status == 2)
  }

  @Test func picturesAreShownAsTheTerminalTakesThem() throws {
    let folder = try Scratch()
    let dn = try TerminalSession(in: folder, environment: ["DN_PICTURES": "sixel"])
    try dn.expect("dn> ")
    try dn.run("show zeros(8, 8)")
    #expect(dn.raw.contains("\u{1b}P0;1;0q"))
    dn.send("\u{4}")
    #expect(dn.end() == 0)
    withExtendedLifetime(folder) {}
  }

  @Test func controlCEndsALoopOfTrainings() throws {
    let folder = try Scratch()
    let dn = try TerminalSession(in: folder)
    try dn.expect("dn> ")
    try dn.run("noisy = sample(\"cells\", size=64, noise=gaussian(25), seed=1)[0]")
    dn.send("for i in 1..9 { net = train noisy model=single_conv patch=16 batch=1 epochs=9999 }\r")
    try dn.expect("epoch 3")
    dn.send("\u{3}")
    try dn.expect("interrupted")
    try dn.expect("dn> ")
    // What was trained so far is there.
    #expect(try dn.run("i").contains("1"))
    #expect(try dn.run("net").contains("auto model"))
    withExtendedLifetime(folder) {}
  }
}
