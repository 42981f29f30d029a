import Testing

/// Where things are written, and what happens where they cannot be.
@Suite struct StreamTests {
  @Test func resultsAndErrorsAreApart() throws {
    let result = try Dn.run([], input: "print 1\nnosuch\nprint 2\n".utf8)
    #expect(result.output == "1\n2\n")
    #expect(result.error.hasPrefix("error: "))
  }

  @Test func noControlCodesWithoutATerminal() throws {
    let training = """
      noisy, truth = sample("cells", size=32, noise=gaussian(25))
      net = train noisy model=single_conv mask=grid(4) epochs=2
      clean = predict net noisy
      print clean.shape
      nosuch
      """
    let result = try Dn.run([], input: training.utf8)
    #expect(result.output == "[32, 32]\n")
    #expect(!(result.output + result.error).contains("\u{1b}"))
    #expect(!result.error.contains("\r"))
  }

  @Test func aReaderThatGoesAwayEndsItQuietly() throws {
    let result = try Dn.shell(
      "{ \"$DN\" -c 'i = 0; while true { print i; i = i + 1 }'; echo \"status $?\" >&2; } | head -n 1"
    )
    #expect(result.output == "0\n")
    #expect(result.error == "status 141\n")
  }

  @Test func aFullDiskIsTold() throws {
    let result = try Dn.shell("\"$DN\" -c 'print 1' >/dev/full")
    #expect(result.status == 1)
    #expect(result.error.contains("cannot write to standard output"))
  }

  @Test func closedStreamsDoNoHarm() throws {
    let folder = try Scratch()
    let result = try Dn.shell(
      "\"$DN\" -c 'save zeros(4, 4) \"a.npy\"; print 1' >&- 2>&- <&-", in: folder)
    #expect(result.status == 0)
    // The file did not take the place of standard output.
    #expect(try !folder.read("a.npy").hasSuffix("1\n"))
  }

  @Test func anInterruptEndsAScript() throws {
    // A shell that has no job control would have the signal ignored in the background.
    let result = try Dn.shell(
      """
      timeout --preserve-status -s INT 2 "$DN" -c 'while true { }'; echo $?
      """)
    #expect(result.output == "130\n")
    #expect(result.error == "interrupted\n")
  }

  @Test func anInterruptedTrainingEndsAScript() throws {
    let folder = try Scratch()
    try folder.write(
      """
      noisy = sample("cells", size=64, seed=1)
      print "begin"
      net = train noisy model=single_conv mask=grid(4) epochs=1000000
      print "not to be seen"
      """, to: "long.dn")
    let result = try Dn.shell(
      "timeout --preserve-status -s INT 4 \"$DN\" long.dn; echo $?", in: folder)
    #expect(result.output == "begin\n130\n")
  }
}
