import Lang
import Testing

@Suite struct FunctionTests {
  @Test(arguments: [
    ("abs(-2)", "2"), ("round(2.5)", "2"), ("sign(-3)", "-1"), ("log10(1000)", "3"),
    ("floor(-1.5)", "-2"),
    ("min(3, 1, 2)", "1"), ("max([3, 1, 2])", "3"), ("sum(1..4)", "10"), ("mean([1, 2])", "1.5"),
    ("std([1, 3])", "1"), ("median([5, 1, 3, 2])", "2.5"), ("len(\"héllo\")", "5"),
    ("range(3)", "[0, 1, 2]"),
    ("range(5, 0, -2)", "[5, 3, 1]"), ("linspace(0, 1, 3)", "[0, 0.5, 1]"),
    ("logspace(0, 2, 3)", "[1, 10, 100]"),
    ("zip([1, 2], [\"a\", \"b\", \"c\"])", "[[1, \"a\"], [2, \"b\"]]"),
    ("filter(fn(x) = x > 1, [1, 2, 3])", "[2, 3]"),
    ("map([1, 4], sqrt)", "[1, 2]"), ("sort([3, 1, 2], reverse=true)", "[3, 2, 1]"),
    ("sort([\"bb\", \"a\"], by=len)", "[\"a\", \"bb\"]"), ("reverse([1, 2])", "[2, 1]"),
    ("append([1], 2)", "[1, 2]"),
    ("keys({a: 1})", "[\"a\"]"), ("values({a: 1})", "[1]"), ("has({a: 1}, \"b\")", "false"),
    ("type(0..1)", "\"range\""), ("str(1.50)", "\"1.5\""), ("num(\" 1e-4 \")", "0.0001"),
    ("int(-3.7)", "-3"),
    ("join([1, \"b\"], \"-\")", "\"1-b\""),
    ("split(\"a,b,,c\", \",\")", "[\"a\", \"b\", \"\", \"c\"]"),
    ("split(\" a  b \")", "[\"a\", \"b\"]"), ("replace(\"aXbX\", \"X\", \"--\")", "\"a--b--\""),
    ("upper(\"é\")", "\"É\""), ("strip(\"  a b \")", "\"a b\""),
    ("startswith(\"abc\", \"ab\")", "true"),
    ("endswith(\"abc\", \"bc\")", "true"), ("format(3.14159, \".2f\")", "\"3.14\""),
    ("basename(\"data/a.png\", \".png\")", "\"a\""), ("where(3 > 2, \"y\", \"n\")", "\"y\""),
    ("clip(300, 0, 255)", "255"),
    ("sum([])", "0"), ("sum([zeros(2), ones(2)]).max", "1"),
  ])
  func plainFunctions(text: String, shown: String) { #expect(Console.show(text) == shown) }

  @Test func randomNumbersFollowFromTheSeed() {
    let text = "print rand() randn() sum(rand(4, 4))"
    #expect(Console(seed: 1).run(text) == Console(seed: 1).run(text))
    #expect(Console(seed: 1).run(text) != Console(seed: 2).run(text))
    #expect(Console.show("rand() == rand()") == "false")
    #expect(Console.show("rand(seed=3) == rand(seed=3)") == "true")
    #expect(Console.show("m = mean(randn(100, 100)); abs(m) < 0.05") == "true")
  }

  @Test func filesComeFromTheHost() {
    let console = Console(files: ["b.dn": "", "a.dn": ""])
    #expect(console.run("exists(\"a.dn\")") == "true")
    #expect(console.run("glob(\"*\")") == "[\"a.dn\", \"b.dn\"]")
  }

  /// Every example in the declarations runs.
  @Test func examplesRun() {
    for builtin in Console().session.catalogue.builtins {
      for example in builtin.examples {
        #expect(Console.error(example.line) == nil, "\(example.line)")
      }
    }
  }
}
