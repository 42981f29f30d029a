import Lang
import Testing

@Suite struct ValueTests {
  @Test(arguments: [
    ("0.1", "0.1"), ("pi = 3.14159265; pi", "3.14159"), ("1e-5", "1e-05"), ("0.1 + 0.2", "0.3"),
    ("1/3", "0.333333"), ("123456.789", "123457"), ("1_000_000", "1000000"),
    ("2^40", "1099511627776"),
    ("1e20", "1e+20"), ("0/0", "nan"), ("-1/0", "-inf"), ("-0.0", "0"), ("100 / 4", "25"),
    ("1234567.5", "1.23457e+06"), ("29.8123456", "29.8123"),
  ])
  func numbers(text: String, shown: String) { #expect(Console.show(text) == shown) }

  @Test(arguments: [
    ("{3.14159:.2f}", "3.14"), ("{0.123:.1%}", "12.3%"), ("{1234567:,}", "1,234,567"),
    ("{5:05d}", "00005"), ("{-5:05d}", "-0005"), ("{\"a\":>3}|", "  a|"), ("{\"a\":<3}|", "a  |"),
    ("{\"a\":^3}|", " a |"), ("{\"a\":*^5}", "**a**"), ("{3:+d}", "+3"),
    ("{12345.678:.3e}", "1.235e+04"),
    ("{1.5}", "1.5"), ("{[1, \"a\"]}", "[1, \"a\"]"), ("{\"abc\":.2}", "ab"),
    ("{1e6:.3g}", "1e+06"),
  ])
  func formats(text: String, shown: String) {
    #expect(Console.show("print \"\(text)\"") == shown)
  }

  @Test func stringsAreQuotedWhereShownAndBareWherePrinted() {
    #expect(Console.show("\"a\\\"b\\n\"") == "\"a\\\"b\\n\"")
    #expect(Console.show("print \"a\\\"b\" [\"c\"]") == "a\"b [\"c\"]")
  }

  @Test(arguments: [
    ("[1, 2] == [1, 2]", "true"), ("1..2 == [1, 2]", "true"), ("{a: 1} == {a: 1}", "true"),
    ("1 == \"1\"", "false"), ("true == 1", "true"), ("none == none", "true"),
    ("sqrt == sqrt", "true"),
    ("[1] != [2]", "true"), ("\"a\" < \"b\"", "true"), ("true + true", "2"),
  ])
  func equality(text: String, shown: String) { #expect(Console.show(text) == shown) }

  @Test(arguments: [
    ("[1, 2, 3][-1]", "3"), ("[1, 2, 3][1:]", "[2, 3]"), ("[1, 2, 3][::-1]", "[3, 2, 1]"),
    ("[1, 2, 3][[0, 2]]", "[1, 3]"), ("\"hello\"[1:3]", "\"el\""), ("\"hello\"[-1]", "\"o\""),
    ("(0..10 step 5)[1]", "5"), ("[1, 2, 3][5:9]", "[]"), ("[1, 2, 3, 4][3:0:-2]", "[4, 2]"),
    ("{p: 3}[\"p\"]", "3"),
  ])
  func indices(text: String, shown: String) { #expect(Console.show(text) == shown) }

  @Test func tablesShowAlignedAndHaveFields() throws {
    let console = Console()
    console.session["t"] = .table(
      try Table(columns: [
        ("epoch", [1, 2, 10]), ("loss", [0.5, .none, 0.125]), ("note", ["a", "bb", ""]),
      ]))
    #expect(
      console.run("t") == """
        epoch   loss  note
            1    0.5  a
            2         bb
           10  0.125
        """)
    #expect(console.run("t.loss") == "[0.5, none, 0.125]")
    #expect(console.run("t[1].note") == "\"bb\"")
    #expect(console.run("len(t)") == "3")
    #expect(console.run("t.rows[0]") == "{epoch: 1, loss: 0.5, note: \"a\"}")
    #expect(console.run("t.los").contains("did you mean `loss`?"))
  }

  @Test func aTableCanHaveFunctions() {
    var table = Table(["shell"])
    table.extras["at"] = .function(
      Function(name: "at", parameters: ["level"]) { arguments, _ in
        .number((arguments.first?.asNumber ?? 0) * 10)
      })
    let console = Console()
    console.session["fsc"] = .table(table)
    #expect(console.run("fsc.at(0.5)") == "5")
  }

  @Test func longRecordsAreFound() {
    var record = Record()
    for index in 0..<100 { record["k\(index)"] = .int(index) }
    record["k50"] = nil
    #expect(record.count == 99)
    #expect(record["k51"]?.asInt == 51)
    #expect(record["k50"] == nil)
    #expect(record.names.first == "k0")
  }
}
