import Formats
import TensorEngine
import Testing

@Suite struct TextTests {
  private func load(
    _ text: String, _ name: String, _ options: LoadOptions = LoadOptions()
  ) throws -> Loaded {
    let scratch = try Scratch()
    return try Formats.load(try scratch.write(text, to: name), options)
  }

  private func table(_ loaded: Loaded) throws -> DataTable {
    guard case .table(let table) = loaded.content else {
      throw FormatError(.badRequest, "a table was expected")
    }
    return table
  }

  @Test(arguments: [
    "1,2,3\n4,5,6\n", "1;2;3\r\n4;5;6\r\n", "1\t2\t3\n4\t5\t6", "# a comment\n1 2  3\n 4 5 6 \n\n",
    "1, 2, 3\n4, 5, 6\n",
  ])
  func barNumbersAreAMatrix(_ text: String) throws {
    let image = try load(text, "x.csv").image
    #expect(image.axes == "YX")
    #expect(image.tensor == (try Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3])))
  }

  @Test func aColumnIsASignal() throws {
    let image = try load("1\n2\n3e-2\n", "x.txt").image
    #expect(image.axes == "X")
    #expect(image.tensor.values == [1, 2, 0.03])
  }

  @Test func namesMakeATable() throws {
    let text = "gene,\"a, b\",note\nx,1,\"says \"\"hi\"\"\"\ny,,plain\n"
    let table = try table(load(text, "x.csv"))
    #expect(table.names == ["gene", "a, b", "note"])
    #expect(table.columns[0] == .text(["x", "y"]))
    #expect(table.columns[2] == .text(["says \"hi\"", "plain"]))
    guard case .numbers(let values) = table.columns[1] else {
      Issue.record("numbers were expected")
      return
    }
    #expect(values[0] == 1)
    #expect(values[1].isNaN)
    let matrix = try load(text, "x.csv", LoadOptions(kind: .image))
    #expect(try matrix.image.shape == [2])
    #expect(matrix.notes == ["2 columns of text left out"])
    #expect(try self.table(load("1,2\n", "x.csv", LoadOptions(kind: .table))).rowCount == 1)
  }

  @Test func linesOfUnequalLengthAreNamed() throws {
    let error = try failure { _ = try load("1,2\n3,4\n5\n", "x.csv") }
    #expect(error.kind == .damaged)
    #expect(error.message.contains("line 3 has 1 cells, the first 2"))
  }

  @Test(arguments: ["csv", "tsv"]) func tablesRoundTrip(_ ending: String) throws {
    let scratch = try Scratch()
    let before = try DataTable(
      names: ["p", "name"],
      columns: [.numbers([0.1, -3, 1e300]), .text(["a,b\tc", "\"q\"", "two\nlines"])])
    try Formats.save(.table(before), scratch.path("x.\(ending)"))
    #expect(try table(Formats.load(scratch.path("x.\(ending)"))) == before)
  }

  @Test func imagesRoundTripExactly() throws {
    let scratch = try Scratch()
    let image = try Image(Tensor([0.1, -1e-30, 16_777_216, 1 / 3], shape: [2, 2]))
    try Formats.save(image, scratch.path("x.csv"))
    #expect(try Formats.load(scratch.path("x.csv")).image.tensor == image.tensor)
    let error = try failure {
      try Formats.save(try ramp([2, 2, 2], axes: "ZYX"), scratch.path("y.csv"))
    }
    #expect(error.kind == .badRequest)
  }

  @Test func landmarksBecomeATrack() throws {
    let text = """
      [[{"x": 1, "y": 2}, {"x": 3, "y": 4}], [{"x": 5, "y": 6}, {"x": 7, "y": 8}],
       [{"x": 9, "y": 10}, {"x": 11, "y": 12}]]
      """
    let image = try load(text, "x.json").image
    #expect(image.axes == "CX")
    #expect(image.channels == ["0.x", "0.y", "1.x", "1.y"])
    #expect(
      image.tensor == (try Tensor([1, 5, 9, 2, 6, 10, 3, 7, 11, 4, 8, 12], shape: [4, 3])))
  }

  @Test func jsonArraysAndRecords() throws {
    #expect(try load("[[1, 2], [3, 4.5]]", "x.json").image.tensor.values == [1, 2, 3, 4.5])
    #expect(try load("{\"data\": [1, 2], \"note\": \"\"}", "x.json").image.axes == "X")
    let table = try table(
      load(#"[{"epoch": 1, "name": "a"}, {"epoch": 2, "name": null}]"#, "x.json"))
    #expect(table.names == ["epoch", "name"])
    #expect(table.columns[0] == .numbers([1, 2]))
    let ragged = try failure { _ = try load("[[1, 2], [3]]", "x.json") }
    #expect(ragged.kind == .unsupported)
  }

  @Test(arguments: [
    "[1, 2", "[1,\n2,\n,]", "{\"a\": }", "[\"\\u12\"]", "[1] 2", "[tru]", "[\"a\nb\"]",
    String(repeating: "[", count: 100_000),
  ])
  func brokenJSONIsNamedByItsLine(_ text: String) throws {
    let error = try failure { _ = try load(text, "x.json") }
    #expect(error.kind == .damaged)
    #expect(error.message.contains("line "))
  }

  @Test func numpyArchivesGiveTheArrayAskedFor() throws {
    let scratch = try Scratch()
    // Made by numpy.savez_compressed(a=arange(3, dtype="u1"), b=ones((2, 2))).
    let path = try scratch.write(TextTests.archive, to: "x.npz")
    #expect(try Formats.load(path, LoadOptions(key: "a")).image.tensor.values == [0, 1, 2])
    #expect(try Formats.load(path, LoadOptions(key: "b")).image.tensor.values == [1, 1, 1, 1])
    let open = try failure { _ = try Formats.load(path) }
    #expect(open.hint == "use key=\"a\", key=\"b\"")
    var state: UInt64 = 5
    for _ in 0..<300 {
      var bytes = TextTests.archive
      for _ in 0..<3 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        bytes[Int(state >> 33) % bytes.count] = UInt8(truncatingIfNeeded: state >> 24)
      }
      let wrong = try scratch.write(bytes, to: "wrong.npz")
      do { _ = try Formats.load(wrong, LoadOptions(key: "a")) } catch {
        #expect(error is FormatError, "\(error)")
      }
    }
  }

  private static let archive: [UInt8] = [
    80, 75, 3, 4, 45, 0, 0, 0, 8, 0, 0, 0, 33, 0, 72, 234, 102, 236, 255, 255, 255, 255, 255, 255,
    255, 255, 5, 0, 20, 0, 97, 46, 110, 112, 121, 1, 0, 16, 0, 131, 0, 0, 0, 0, 0, 0, 0, 71, 0, 0,
    0, 0, 0, 0, 0, 155, 236, 23, 234, 27, 16, 201, 200, 80, 198, 80, 173, 158, 146, 90, 156, 92,
    164, 110, 165, 160, 94, 83, 106, 168, 174, 163, 160, 158, 150, 95, 84, 82, 148, 152, 23, 159,
    95, 148, 146, 10, 18, 119, 75, 204, 41, 78, 5, 138, 23, 103, 36, 22, 164, 2, 249, 26, 198, 58,
    154, 58, 10, 181, 10, 20, 0, 46, 6, 70, 38, 0, 80, 75, 3, 4, 45, 0, 0, 0, 8, 0, 0, 0, 33, 0,
    102, 229, 251, 30, 255, 255, 255, 255, 255, 255, 255, 255, 5, 0, 20, 0, 98, 46, 110, 112, 121,
    1, 0, 16, 0, 160, 0, 0, 0, 0, 0, 0, 0, 77, 0, 0, 0, 0, 0, 0, 0, 155, 236, 23, 234, 27, 16, 201,
    200, 80, 198, 80, 173, 158, 146, 90, 156, 92, 164, 110, 165, 160, 110, 147, 102, 161, 174, 163,
    160, 158, 150, 95, 84, 82, 148, 152, 23, 159, 95, 148, 146, 10, 18, 119, 75, 204, 41, 78, 5,
    138, 23, 103, 36, 22, 164, 2, 249, 26, 70, 58, 10, 70, 154, 58, 10, 181, 10, 100, 3, 46, 6, 48,
    248, 96, 143, 139, 6, 0, 80, 75, 1, 2, 45, 3, 45, 0, 0, 0, 8, 0, 0, 0, 33, 0, 72, 234, 102, 236,
    71, 0, 0, 0, 131, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 128, 1, 0, 0, 0, 0, 97, 46, 110,
    112, 121, 80, 75, 1, 2, 45, 3, 45, 0, 0, 0, 8, 0, 0, 0, 33, 0, 102, 229, 251, 30, 77, 0, 0, 0,
    160, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 128, 1, 126, 0, 0, 0, 98, 46, 110, 112, 121,
    80, 75, 5, 6, 0, 0, 0, 0, 2, 0, 2, 0, 102, 0, 0, 0, 2, 1, 0, 0, 0, 0,
  ]
}

/// What JSON is written, and read again.
@Suite struct JSONWritingTests {
  @Test func imagesAndTablesRoundTrip() throws {
    let scratch = try Scratch()
    let image = try ramp([2, 3, 4], axes: "ZYX", first: -1.5, step: 0.1)
    try Formats.save(image, scratch.path("x.json"))
    #expect(try Formats.load(scratch.path("x.json")).image.tensor == image.tensor)
    let table = try DataTable(
      names: ["a", "b \"c\""], columns: [.numbers([1, -2.5, 1e-20]), .text(["x", "", "ä\n"])])
    try Formats.save(.table(table), scratch.path("t.json"))
    guard case .table(let back) = try Formats.load(scratch.path("t.json")).content else {
      Issue.record("no table")
      return
    }
    #expect(back == table)
  }

  @Test func tracksRoundTrip() throws {
    let scratch = try Scratch()
    var track = try ramp([4, 3], axes: "CX", step: 0.25)
    track.channels = ["0.x", "0.y", "1.x", "1.y"]
    try Formats.save(track, scratch.path("x.json"))
    let text = String(decoding: try Scratch.read(scratch.path("x.json")), as: UTF8.self)
    #expect(text.hasPrefix("[\n[{\"x\": 0, \"y\": 0.75}, {\"x\": 1.5, \"y\": 2.25}],\n"))
    let back = try Formats.load(scratch.path("x.json")).image
    #expect(back.tensor == track.tensor)
    #expect(back.channels == track.channels)
  }
}
