import Lang
import Testing

@Suite struct StatementTests {
  @Test(arguments: [
    ("a, b = [1, 2]; b", "2"), ("a, b = 3..4; a", "3"),
    ("r = {}; r.a = {b: 1}; r.a.b = 2; r", "{a: {b: 2}}"),
    ("x = [1, [2, 3]]; x[1][0] = 9; x", "[1, [9, 3]]"),
    ("x = [1, 2]; y = x; y[0] = 5; x", "[1, 2]"),
    ("x = [1, 2, 3]; x[0:2] = [7, 8]; x", "[7, 8, 3]"), ("r = {}; r[\"k\"] = 1; r", "{k: 1}"),
    ("x, y = [1, 2]\nx, y = [y, x]\nprint x y", "2 1"),
    ("r = {v: [0]}; r.v[0], z = [4, 5]; r", "{v: [4]}"),
    ("x = [1, 2]; x[x[0]] = x; x", "[1, [1, 2]]"),
  ])
  func assignment(text: String, shown: String) { #expect(Console.show(text) == shown) }

  @Test(arguments: [
    ("if false { print 1 } else if true { print 2 } else { print 3 }", "2"),
    ("for i, x in [\"a\", \"b\"] { print i x }", "0 a\n1 b"),
    ("for c in \"ab\" { print c }", "a\nb"),
    ("for k in {p: 1, q: 2} { print k }", "p\nq"),
    ("for x in 0..1 step 0.5 { print x }", "0\n0.5\n1"),
    ("for r in full([2, 2], [[1, 2], [3, 4]]) { print sum(r) }", "3\n7"),
    (
      "i = 0; while true { i = i + 1; if i == 2 { continue }; if i > 3 { break }; print i }", "1\n3"
    ),
    ("for i in 0..2 { for j in 0..2 { if j == 1 { break }; print i j } }", "0 0\n1 0\n2 0"),
    ("for i in [] { print i }\nprint \"end\"", "end"), ("for i in 1..2 { i }", "1\n2"),
    ("if 0 or \"\" or [] or none { print 1 } else { print 2 }", "2"),
  ])
  func control(text: String, shown: String) { #expect(Console.show(text) == shown) }

  @Test(arguments: [
    ("def f(x, k=3) = x + k\nprint f(1) f(1, 5) f(1, k=0)", "4 6 1"),
    ("def f(x) { return }\nx = f(1); x", "none"), ("def f(x) { x }\nf(3)", "3"),
    ("def fact(n) { if n <= 1 { return 1 }; return n * fact(n - 1) }\nfact(10)", "3628800"),
    (
      "def even(n) { if n == 0 { return true }; return odd(n - 1) }\n"
        + "def odd(n) { if n == 0 { return false }; return even(n - 1) }\neven(10)", "true"
    ),
    ("y = 1; def f() = y + 1\ny = 5; f()", "6"), ("def f() { y = 9 }\ny = 1; f(); y", "1"),
    ("def f() { if true { z = 4 }; return z }\nf()", "4"),
    ("def mk(n) = fn(x) = x + n\na = mk(1); b = mk(10); print a(1) b(1)", "2 11"),
    ("def f(x, y=x * 2) = y\nf(3)", "6"), ("(fn(x) = x * 2)(4)", "8"),
    ("def f(x) { for i in 0..9 { if i == x { return i } } }\nf(4)", "4"),
    ("def c() { n = 0; def up() { return n + 1 }; return up() }\nc()", "1"),
    ("map(fn(x) = x^2, 0..3)", "[0, 1, 4, 9]"),
  ])
  func functions(text: String, shown: String) { #expect(Console.show(text) == shown) }

  @Test func aFunctionCannotChangeTheOutside() {
    #expect(
      Console.show("x = 1; def f() { x = x + 1 }\nf()").hasPrefix(
        "error: `x` has no value yet in this function"))
    #expect(
      Console.error("x = [1]; def f() { x[0] = 2 }\nf()") == "`x` has no value in this function")
  }

  @Test func errorsAreCaughtWithMessageHintAndLine() {
    #expect(
      Console.show("\ntry { [1][3] } catch e { print e.line e.message; print e.hint }")
        == "2 index 3 is outside a list of 1\nindices go from 0 to 0, or -1 to -1")
    #expect(Console.show("try { 1 } catch { 2 }") == "1")
    #expect(Console.show("def f() { try { return [][0] } catch e { return 7 } }\nf()") == "7")
  }

  @Test func anInterruptIsNoError() {
    guard case .interrupted = Console().session.run("try { stop } catch e { print 1 }") else {
      Issue.record("caught an interrupt")
      return
    }
  }

  @Test func quitLeavesWithItsStatus() {
    guard case .quit(3) = Console().session.run("try { quit 3 } catch e { print 1 }") else {
      Issue.record("did not quit")
      return
    }
  }

  @Test func blocksRunInTheFunctionAroundThem() {
    #expect(
      Console.show("q = 1\nsweep p=[0.1, 0.3] { if p > 0.2 { q = p }; record twice=p * 2 }\nq")
        == "  p  twice\n0.1    0.2\n0.3    0.6\n0.3")
    #expect(
      Console.show("def f(n) { sweep k=1..2 { record s=k + n }; return k }\nf(10)")
        == "2")
    #expect(Console.show("sweep p=1..3 { if p == 2 { continue }; print p };") == "1\n3")
  }

  @Test func variablesOfTheSessionStay() {
    let console = Console()
    _ = console.run("def f(x) = x + step_size\nstep_size = 2")
    #expect(console.run("f(1)") == "3")
    #expect(console.run("args") == "[\"one\", \"two\"]")
    #expect(console.session["step_size"]?.asNumber == 2)
  }
}
