import Testing

/// What is no script ends in a message, never in a crash.
@Suite struct WrongInputTests {
  @Test func aFolder() throws {
    let result = try Dn.run(["/tmp"])
    #expect(result.status == 2)
    #expect(result.error.contains("is a folder"))
  }

  @Test func anEmptyFile() throws {
    let folder = try Scratch()
    try folder.write("", to: "empty.dn")
    let result = try Dn.run(["empty.dn"], in: folder)
    #expect(result.status == 0 && result.output == "" && result.error == "")
  }

  @Test func aBinaryFile() throws {
    let folder = try Scratch()
    try folder.write([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13, 10], to: "picture.png")
    let result = try Dn.run(["picture.png"], in: folder)
    #expect(result.status == 2)
    #expect(result.error.contains("no text"))
    #expect(result.error.contains("load"))
  }

  @Test func aNULFarBehind() throws {
    let folder = try Scratch()
    try folder.write(
      Array(repeating: UInt8(ascii: "\n"), count: 100_000) + [UInt8(ascii: "x"), 0], to: "late.dn")
    let result = try Dn.run(["late.dn"], in: folder)
    #expect(result.status == 1)
    #expect(result.error.contains("late.dn:100001:2"))
  }

  @Test(arguments: [
    [0xff, 0xfe, 0x41], Array("x = \"".utf8) + [0xc3, 0x28], Array("((((((".utf8),
    Array("\u{1b}[2J".utf8),
    [0x1b, 0x5b, 0x32, 0x4a],
  ])
  func bytesThatAreNoScript(bytes: [UInt8]) throws {
    let result = try Dn.run(["-"], input: bytes)
    #expect(result.status == 1)
    #expect(result.error.hasPrefix("error: "))
    #expect(!result.error.contains("\u{1b}"))
  }

  @Test func nestingWithoutEnd() throws {
    let result = try Dn.run(["-"], input: String(repeating: "(", count: 100_000).utf8)
    #expect(result.status == 1)
    #expect(result.error.hasPrefix("error: "))
  }

  @Test func aScriptMayComeThroughAPipe() throws {
    let result = try Dn.shell("echo 'print 5' | \"$DN\" /dev/stdin")
    #expect(result.output == "5\n")
  }

  @Test func aScriptThatIncludesItself() throws {
    let folder = try Scratch()
    try folder.write("include \"a.dn\"\n", to: "a.dn")
    let result = try Dn.run(["a.dn"], in: folder)
    #expect(result.status == 1)
    #expect(result.error.contains("includes itself"))
  }
}
