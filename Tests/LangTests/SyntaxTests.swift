import Testing

@Suite struct SyntaxTests {
  @Test(arguments: [
    ("3", "3"), ("0.5", "0.5"), (".5", "0.5"), ("1e-4", "0.0001"), ("1_000", "1000"), ("2.", "2"),
    ("'lit {x} \\n'", "\"lit \\{x\\} \\\\n\""), ("\"a\\tb\\u{e9}\"", "\"a\\tbé\""),
    ("\"{1 + 1} {\"in\"} {{}}\"", "\"2 in \\{\\}\""), ("[1, 2,]", "[1, 2]"),
    ("{p: 0.3, name: \"a\"}", "{p: 0.3, name: \"a\"}"), ("0..5", "0..5"),
    ("0.1..0.5 step 0.1", "0.1..0.5 step 0.1"), ("true", "true"), ("none", "none"),
    ("{\"odd key\": 1}", "{\"odd key\": 1}"), ("{if: 1}.if", "1"), ("é = 2; é", "2"),
  ])
  func literals(text: String, shown: String) { #expect(Console.show(text) == shown) }

  @Test(arguments: [
    ("1 + # comment\n2", "3"), ("1 + \\\n2", "3"), ("x = [1,\n 2\n]; x", "[1, 2]"),
    ("print 1; print 2", "1\n2"), ("1; 2", "2"), ("1;", ""), ("# only a comment", ""),
    ("#!/usr/bin/dn\n5", "5"), ("\u{feff}5", "5"), ("5\r\n6\r\n", "5\n6"),
    ("r = {\n a: 1,\n b: 2\n}\nr.b", "2"), ("print 1 \\\n  2", "1 2"),
    ("if true { print 1 }\nelse { print 2 }", "1"), ("def f(x) =\n x + 1\nf(1)", "2"),
  ])
  func lines(text: String, shown: String) { #expect(Console.show(text) == shown) }

  @Test(arguments: [
    ("2 + 3 * 4", "14"), ("(2 + 3) * 4", "20"), ("-2^2", "-4"), ("2^3^2", "512"), ("2^-1", "0.5"),
    ("7 / 2", "3.5"), ("7 mod 3", "1"), ("-7 mod 3", "2"), ("7 mod -3", "-2"),
    ("2 * 3 mod 4", "2"), ("1 + 1 == 2", "true"), ("not 1 == 2", "true"),
    ("not true or true", "true"),
    ("true or false and false", "true"), ("1..2 + 1", "1..3"), ("-2 * -3", "6"), ("2 - -3", "5"),
    ("10 - 3 - 2", "5"), ("3 in 1..3", "true"), ("4 not in [1, 2]", "true"), ("(-2)^2", "4"),
    ("1 < 2 and 2 < 3", "true"), ("\"a\" + \"b\"", "\"ab\""), ("[1] + [2]", "[1, 2]"),
    ("0..6 step 1 + 2", "0..6 step 3"), ("8 / 2 / 2", "2"),
  ])
  func precedence(text: String, shown: String) { #expect(Console.show(text) == shown) }

  @Test(arguments: [
    ("x = (1 + ", false), ("def f(x) {", false), ("x = [1,", false), ("1 +", false),
    ("a \\", false), ("x = 1", true), ("def f(x) { return x }", true), ("", true), (")", true),
    ("print \"open", true), ("{", false), ("for i in 0..2", false), ("x = {a: 1", false),
  ])
  func promptKnowsWhenToGoOn(text: String, isComplete: Bool) {
    #expect(Console().session.isComplete(text) == isComplete)
  }

  @Test func everyErrorOfATextIsFound() {
    let messages = Console().check("x = (1\ny = ]\nz = 3 3\nprint \"a\nw = foo\n}")
    #expect(
      messages == [
        "the `(` is not closed", "expected a value, found `]`",
        "expected the end of the statement, found `3`", "the string is not closed",
        "`foo` is not defined", "this `}` closes nothing",
      ])
  }
}
