import Testing

@Suite struct CallFormTests {
  /// The command form: a name, white space, and what can begin but not continue an expression.
  @Test(arguments: [
    ("print 1 2", "1 2"), ("print 1, 2", "1 2"), ("print(1, 2)", "1 2"), ("print (1)", "1"),
    ("a = 5; a -1", "4"), ("a = 5; a - 1", "4"), ("print (-1)", "-1"), ("a = 5; print a -1", "4"),
    ("a = [7, 8]; a[1]", "8"), ("a = [7, 8]; print a [1]", "[7, 8] [1]"),
    ("a = [7, 8]; print a[1]", "8"), ("x = sqrt 16; x", "4"), ("x = sqrt (9) + 7; x", "4"),
    ("def f(x) { return sqrt x }\nf(4)", "2"), ("def f(x) = sqrt x\nf 9", "3"),
    ("print (sum [1, 2])", "3"), ("print {a: 1}", "{a: 1}"), ("print not true", "false"),
    ("a = true; print a not in [1]", "false"), ("time { 1 + 1 }", "2"), ("time() { 3 }", "3"),
    ("x = time { return 4 }; x", "4"), ("print fn(x) = x", "function fn(x)"),
    ("print none", "none"),
    ("f = fn(x, y=1) = x + y; f 2 y=3", "5"), ("print [1] [2]", "[1] [2]"), ("print", ""),
    ("x = sqrt; type(x)", "\"function\""), ("x = rand; type(x)", "\"number\""),
  ])
  func forms(text: String, shown: String) { #expect(Console.show(text) == shown) }

  /// A variable may bear a command's name.
  @Test(arguments: [
    ("grid = 3; grid", "3"), ("grid = 3; grid(2)", "grid(width=2, fill=zero)"),
    ("grid = fn(x) = x + 1; grid(2)", "3"), ("psnr = 1; psnr zeros(2) zeros(2)", "257"),
    ("grid", "grid(width=4, fill=zero)"), ("x = grid; x.width", "4"),
    ("mse + 2*tv", "mse + 2.0 * tv"),
    ("map(type, [grid, psnr])", "[\"mask\", \"function\"]"), ("loss = mse; loss(1, 2)", "2"),
    ("len = 3; len([1, 2])", "2"),
  ])
  func variablesAndCommands(text: String, shown: String) { #expect(Console.show(text) == shown) }

  @Test func errorSaysWhichFormWasMeant() {
    #expect(
      Console.show("a = [1, 2]\na [1]") == """
        error: `a` is a list, not a function or command
          --> test.dn:2:1
           |
         2 | a [1]
           | ^
           = hint: an index stands without white space: `a[…]`
        """)
    #expect(
      Console.show("x = 2 * a [1]") == """
        error: expected the end of the statement, found `[`
          --> test.dn:1:11
           |
         1 | x = 2 * a [1]
           |           ^
           = hint: an index stands without white space: `a[1]`
        """)
    #expect(Console.show("print -1").contains("= hint: `-` never begins the first argument"))
    #expect(Console.show("print(1, str 2)").contains("parentheses of its own: `str(…)`"))
    #expect(!Console.show("print(1, 2 3)").contains("hint"))
  }

  @Test func choiceWordsStandBare() {
    let console = Console()
    _ = console.run("img = zeros(2, 2); n2v = \"s2s\"; pick = \"n2s\"")
    #expect(console.run("train img method=n2v") == "\"n2v 100 0.0004 - - \"")
    #expect(console.run("train img method=pick") == "\"n2s 100 0.0004 - - \"")
    #expect(console.run("train img method=\"s2s\"") == "\"s2s 100 0.0004 - - \"")
    #expect(console.run("train img fills=[zero, mean]") == "\"auto 100 0.0004 - - zero+mean\"")
    #expect(console.run("help psnr") == "psnr")
    #expect(console.run("sum(zeros(2, 3), axis=x).shape") == "[2]")
  }
}
