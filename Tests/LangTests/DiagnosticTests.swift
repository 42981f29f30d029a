import Lang
import Testing

@Suite struct DiagnosticTests {
  @Test func unknownOptionOfTheContract() {
    let console = Console()
    _ = console.run("noisy = zeros(2, 2)")
    #expect(
      console.run("\n\n\n\n\n\nnet = train noisy epoch=50", name: "first.dn") == """
        error: `train` has no option `epoch`
          --> first.dn:7:19
           |
         7 | net = train noisy epoch=50
           |                   ^^^^^
           = hint: did you mean `epochs`?
        """)
  }

  @Test(arguments: [
    ("trian zeros(2)", "there is no command or function `trian`"),
    ("train zeros(2) epochs=0", "`epochs` must be at least 1, not 0"),
    ("train zeros(2) epochs=\"a\"", "`epochs` takes a whole number, not \"a\""),
    ("train zeros(2) epochs=1.5", "`epochs` takes a whole number, not 1.5"),
    ("train zeros(2) lr=2", "`lr` must be from 0 to 1, not 2"),
    ("train zeros(2) method=n2x", "`method` takes one of n2v, n2s, s2s, auto, not \"n2x\""),
    ("train zeros(2) mask=3", "`mask` takes a mask, not 3"),
    ("train zeros(2) epochs=1 epochs=2", "`epochs` is given twice"),
    ("train", "`train` needs `data`: what to train on (an image)"),
    ("psnr zeros(2) zeros(2) zeros(2)", "`psnr` takes 2 arguments; this is one too many"),
    ("sweep p=[1]", "`sweep` needs a block `{ … }`"),
    ("psnr zeros(2) zeros(2) { 1 }", "`psnr` takes no block"),
    ("stack zeros(2)", "`stack` needs `images`: images (an image)"),
    ("print(nosy)", "`nosy` is not defined"), ("len()", "`len` takes 1 argument, not 0"),
    ("sum([1], axsi=1)", "`sum` has no option `axsi`"),
    ("break", "`break` stands outside a loop"), ("return 1", "`return` stands outside a function"),
    ("1 < 2 < 3", "comparisons do not chain"), ("x == 3", "`x` is not defined"),
    ("3px", "`3px` is neither a number nor a name"), ("1e999", "the number is too large"),
    ("x = \"{1:zz}\"", "`zz` is no format"),
    ("if = 3", "`if` is a word of the language and cannot be assigned to"),
    ("def f(a, a) = 1", "there are two parameters `a`"),
    ("{a: 1, a: 2}", "the record has two fields `a`"),
    ("x = 1 ! 2", "`!` means nothing here"),
  ])
  func foundBeforeAnythingRuns(text: String, message: String) {
    #expect(Console().check("print 1\n" + text).first == message)
    #expect(!Console.show("print \"ran\"\n" + text).contains("ran\n"))
  }

  @Test(arguments: [
    ("[1][5]", "index 5 is outside a list of 1"),
    ("\"a\" + 1", "`+` does not work on a string and a number"),
    ("zeros(2, 3) + zeros(4, 5)", "shapes 2x3 and 4x5 do not fit together"),
    ("x = 3; x.y", "a number has no fields"), ("x = {ab: 1}; x.abc", "a record has no field `abc`"),
    ("if zeros(3) { }", "an image of 3 is neither true nor false"),
    ("a, b = [1, 2, 3]", "a list of 3 cannot be unpacked into 2 names"),
    ("for x in 3 { }", "a number has no elements to go through"),
    ("x = 1; x(2)", "`x` is a number, not a function or command"),
    ("train zeros(2) epochs=13", "13 passes bring bad luck"),
    ("e = 0.5; train zeros(2) epochs=e", "`epochs` takes a whole number, not 0.5"),
    ("train zeros(2) with={epoch: 3}", "the record has no use for `epoch`"),
    ("sqrt(\"a\")", "`sqrt` does not work on a string"), ("num(\"x\")", "\"x\" spells no number"),
    ("0..1 step 0", "the step of a range cannot be 0"),
  ])
  func foundWhenRunning(text: String, message: String) { #expect(Console.error(text) == message) }

  @Test func caretsFollowWideCharactersAndTabs() {
    #expect(
      Console.show("\tx = \"日本é\" + 5").hasPrefix(
        """
        error: `+` does not work on a string and a number
          --> test.dn:1:6
           |
         1 |     x = "日本é" + 5
           |         ^^^^^^^^^^^
        """))
  }

  @Test func errorInsideAFunctionTellsWhereItWasCalled() {
    #expect(
      Console.show("def f(x) {\n  return x[9]\n}\ny = f([1])") == """
        error: index 9 is outside a list of 1
          --> test.dn:2:10
           |
         2 |   return x[9]
           |          ^^^^
           = hint: indices go from 0 to 0, or -1 to -1
        note: called from here
          --> test.dn:4:5
           |
         4 | y = f([1])
           |     ^^^^^^
        """)
  }

  @Test func severalErrorsComeInTheOrderOfTheText() {
    let messages = Console().check("a = nothere\nx = = 2\nprint alsonot")
    #expect(
      messages == [
        "`nothere` is not defined", "expected a value, found `=`", "`alsonot` is not defined",
      ])
  }

  @Test func controlCharactersDoNotReachTheTerminal() {
    #expect(!Console.show("x = \u{1b}[31m 3").contains("\u{1b}"))
  }

  @Test func coloursOnlyWhenAsked() {
    let diagnostic = Diagnostic("wrong")
    #expect(!diagnostic.rendered().contains("\u{1b}"))
    #expect(diagnostic.rendered(color: true).contains("\u{1b}[1;31merror"))
  }

  @Test func thePromptLivesOn() {
    let console = Console()
    _ = console.run("x = 5")
    _ = console.run("x = [1][9]")
    #expect(console.run("x") == "5")
  }
}
