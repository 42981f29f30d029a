import Testing

/// A standard input that is no terminal: the prompt without a prompt.
@Suite struct PipedInputTests {
  @Test func neitherPromptNorEcho() throws {
    let result = try Dn.run([], input: "1 + 1\n\"text\"\n".utf8)
    #expect(result.output == "2\n\"text\"\n")
    #expect(result.error == "")
    #expect(result.status == 0)
  }

  @Test func goesOnAfterErrorsWithItsVariables() throws {
    let result = try Dn.run([], input: "x = 3\ny = x + nosuch\nx = x + [1]\nx / 2\n".utf8)
    #expect(result.output == "1.5\n")
    #expect(result.error.contains("`nosuch` is not defined"))
    #expect(result.status == 1)
  }

  @Test func gathersStatementsOverSeveralLines() throws {
    let text = """
      for i in 1..2 {
        print i
      }
      x = [1,
        2]
      x
      1 +
        2
      """
    let result = try Dn.run([], input: text.utf8)
    #expect(result.output == "1\n2\n[1, 2]\n3\n")
    #expect(result.status == 0)
  }

  @Test func tellsWhatAnUnfinishedEndLacks() throws {
    let result = try Dn.run([], input: "print (1 +\n".utf8)
    #expect(result.status == 1)
    #expect(result.error.hasPrefix("error: "))
  }

  @Test func windowsLineEnds() throws {
    #expect(try Dn.run([], input: "x = 1\r\nx\r\n".utf8).output == "1\n")
  }

  @Test func nothingAtAll() throws {
    let result = try Dn.run([])
    #expect(result.status == 0 && result.output == "" && result.error == "")
  }
}
