import Formats
import Foundation
import TensorEngine
import Testing

@Suite struct HalfMapTests {
  /// A small map as the bytes of an MRC file, packed where asked for.
  private static func map(
    _ scratch: Scratch, side: Int = 12, voxel: Double = 1.5, seed: UInt64, packed: Bool = true
  ) throws -> [UInt8] {
    var stream = RandomStream(seed: seed, purpose: .sample)
    let image = try Image(
      Tensor(shape: [side, side, side]) { _ in stream.normal() }, axes: "ZYX",
      voxel: [voxel, voxel, voxel], unit: "A")
    let path = scratch.path("served-\(seed).map" + (packed ? ".gz" : ""))
    try Formats.save(image, path, SaveOptions(overwrite: true))
    return Array(try Data(contentsOf: URL(filePath: path)))
  }

  /// A server with entries; the halves of each are different maps.
  private static func server(_ scratch: Scratch, _ numbers: [Int], box: Int = 12) throws
    -> MapServer
  {
    let server = try MapServer()
    let list = "emdb_id\n" + numbers.map { "EMD-\($0)" }.joined(separator: "\n") + "\n"
    let query =
      "current_status%3A%22REL%22%20AND%20structure_determination_method%3A%22singleParticle%22"
      + "%20AND%20half_map_filename%3A%5B%2A%20TO%20%2A%5D"
    server["/emdb/api/search/\(query)"] = .init(body: Array(list.utf8))
    server["/emdb/api/search/\(query)%20AND%20resolution%3A%5B2.0%20TO%204.0%5D"] = .init(
      body: Array(list.utf8))
    for number in numbers {
      let names = [1, 2].map { "emd_\(number)_half_map_\($0).map.gz" }
      let halves = names.map { #"{"file": "\#($0)"}"# }.joined(separator: ", ")
      let entry =
        #"{"map": {"dimensions": {"col": \#(box), "row": \#(box), "sec": \#(box)}}, "#
        + #""interpretation": {"half_map_list": {"half_map": [\#(halves)]}}}"#
      server["/emdb/api/entry/EMD-\(number)"] = .init(body: Array(entry.utf8))
      for (half, name) in names.enumerated() {
        server["/pub/databases/emdb/structures/EMD-\(number)/other/\(name)"] = .init(
          body: try map(scratch, seed: UInt64(2 * number + half)))
      }
    }
    return server
  }

  private static func path(_ number: Int, _ half: Int) -> String {
    "/pub/databases/emdb/structures/EMD-\(number)/other/emd_\(number)_half_map_\(half).map.gz"
  }

  @Test func fetchesBothHalvesAndNothingTwice() throws {
    let scratch = try Scratch()
    defer { try? FileManager.default.removeItem(atPath: scratch.folder) }
    let server = try Self.server(scratch, [101, 102, 103])
    defer { server.stop() }
    var download = HalfMapDownload(folder: scratch.path("project"))
    download.base = server.base
    download.resolution = 2...4
    download.count = 2
    let first = try download.run()
    #expect(first.map(\.state) == [.fetched, .fetched, .fetched, .fetched])
    let folder = try HalfMapFolder(scratch.path("project"))
    #expect(folder.usable(.training).map(\.number) == [101, 102])
    #expect(folder.pairs.first?.shape == [12, 12, 12])
    #expect(folder.pairs.first?.voxel.map { $0.map { Float($0) } } == [1.5, 1.5, 1.5])
    // What lies in any folder is not fetched again.
    try folder.putAside(folder.pairs[0])
    let before = server.requests.count
    let second = try download.run()
    #expect(second.map(\.state) == [.there, .there, .there, .there])
    #expect(server.requests.dropFirst(before).allSatisfy { $0.path.contains("search") })
  }

  @Test func takesUpWhatWasCut() throws {
    let scratch = try Scratch()
    defer { try? FileManager.default.removeItem(atPath: scratch.folder) }
    let server = try Self.server(scratch, [7])
    defer { server.stop() }
    server[Self.path(7, 1)]?.cuts = [1000, 2000]
    // This one does not send parts: it begins anew.
    server[Self.path(7, 2)]?.cuts = [1500]
    server[Self.path(7, 2)]?.resumes = false
    var download = HalfMapDownload(folder: scratch.path("project"))
    (download.base, download.numbers) = (server.base, [7])
    let reports = try download.run()
    #expect(reports.map(\.state) == [.fetched, .fetched], "\(reports)")
    #expect(reports.map(\.note) == ["in 3 tries", "in 2 tries"])
    #expect(
      server.requests.filter { $0.path == Self.path(7, 1) }.map(\.range) == [nil, 1000, 3000])
    #expect(try HalfMapFolder(scratch.path("project")).usable(.training).count == 1)
    let left = try FileManager.default.contentsOfDirectory(atPath: scratch.path("project/1.0"))
    #expect(left == ["emd_7_half_map_1.map"])
  }

  @Test func goesOnInALaterCall() throws {
    let scratch = try Scratch()
    defer { try? FileManager.default.removeItem(atPath: scratch.folder) }
    let server = try Self.server(scratch, [8])
    defer { server.stop() }
    server[Self.path(8, 1)]?.cuts = [1000, 1000]
    var download = HalfMapDownload(folder: scratch.path("project"))
    (download.base, download.numbers, download.tries) = (server.base, [8], 1)
    #expect(try download.run().map(\.state) == [.failed, .fetched])
    #expect(try HalfMapFolder(scratch.path("project")).pairs[0].problem != nil)
    download.tries = 3
    #expect(try download.run().map(\.state) == [.fetched, .there])
    #expect(
      server.requests.filter { $0.path == Self.path(8, 1) }.map(\.range) == [nil, 1000, 2000])
  }

  @Test func tellsWhatIsMissingWrongOrUnwanted() throws {
    let scratch = try Scratch()
    defer { try? FileManager.default.removeItem(atPath: scratch.folder) }
    let server = try Self.server(scratch, [1, 2, 3, 4])
    defer { server.stop() }
    server[Self.path(1, 2)] = nil
    // Said to be longer than it is: the rest that is asked for is not there, and the map is whole.
    // And one that is shorter than its own header says.
    server[Self.path(2, 1)]?.announced = 100_000
    var short = try Self.map(scratch, seed: 50, packed: false)
    short.removeLast(100)
    server[Self.path(2, 2)] = .init(body: short)
    server[Self.path(3, 1)] = .init(body: Array("<html>no map</html>".utf8))
    server["/emdb/api/entry/EMD-4"] = .init(body: Array(#"{"map": {}}"#.utf8))
    var download = HalfMapDownload(folder: scratch.path("project"))
    (download.base, download.tries, download.numbers) = (server.base, 2, [1, 2, 3, 4, 5])
    let reports = try download.run()
    func state(_ number: Int, _ half: Int?) -> HalfMapDownload.Report? {
      reports.first { $0.number == number && $0.half == half }
    }
    #expect(state(1, 1)?.state == .fetched)
    #expect(state(1, 2)?.state == .missing)
    #expect(state(2, 1)?.state == .fetched)
    #expect(state(2, 2)?.state == .failed)
    #expect(state(2, 2)?.note.contains("its header promises") == true)
    #expect(state(3, 1)?.note.contains("no MRC map") == true)
    #expect(state(4, nil)?.state == .unwanted)
    #expect(state(5, nil)?.state == .missing)
    download.box = 20...30
    download.numbers = [3]
    #expect(try download.run().map(\.note) == ["its box is 12x12x12"])
    download.base = "ftp://somewhere"
    #expect(throws: FormatError.self) { try download.run() }
  }

  /// Tables and lists; other maps that a title or a reference names are none of the answer's.
  @Test func readsAnswersInAnyOfTheirForms() throws {
    #expect(EMDBArchive.numbers(in: "emdb_id\r\nEMD-1001\r\n\"EMD-22\"\n") == [1001, 22])
    #expect(EMDBArchive.numbers(in: "emdb_id,title\nEMD-7,better than EMD-8\n") == [7])
    let list = #"[{"emdb_id": "EMD-5", "also": {"emdb_id": "EMD-6"}}, {"emdb_id": "emd-9"}]"#
    #expect(EMDBArchive.numbers(in: list) == [5, 9])
    #expect(EMDBArchive.numbers(in: #"{"results": \#(list)}"#) == [5, 9])
    #expect(EMDBArchive.numbers(in: "{}") == [])
  }

  /// An entry in the form of EMD-25107's, and in forms that say the same.
  @Test func readsEntriesInAnyOfTheirForms() throws {
    func description(_ text: String) throws -> EMDBDescription {
      EMDBDescription(try #require(JSON(text: Array(text.utf8))))
    }
    func half(_ number: Int) -> String {
      #"{"dimensions": {"col": 220, "row": 221, "sec": 222}, "#
        + #""file": "emd_25107_half_map_\#(number).map.gz", "size_kbytes": 42593}"#
    }
    let made =
      #""structure_determination_list": {"structure_determination": [{"image_processing": "#
      + #"[{"final_reconstruction": {"resolution": {"units": "Å", "valueOf_": "3.97"}}}]}]}"#
    let entry =
      #"{"emdb_id": "EMD-25107", "map": {"dimensions": {"col": 64, "row": 64, "sec": 64}}, "#
      + #""interpretation": {"half_map_list": {"half_map": [\#(half(2)), \#(half(1))]}}, \#(made)}"#
    let names = ["emd_25107_half_map_1.map.gz", "emd_25107_half_map_2.map.gz"]
    for text in [entry, "[\(entry)]", #"{"EMD-25107": [\#(entry)]}"#] {
      let known = try description(text)
      #expect(known.halves == names)
      // A map may be cut out of its halves' box.
      #expect(known.sides == [222, 221, 220])
      #expect(known.resolution == 3.97)
    }
    let loose = try description(
      #"{"map": {"dimensions": {"column": "20", "row": 30, "section": {"valueOf_": "40"}}}, "#
        + #""interpretation": {"half_map_list": {"half_map": {"file": "../emd_1.map"}}}}"#)
    #expect(loose.sides == [40, 30, 20])
    #expect(loose.halves.isEmpty && loose.resolution == nil)
  }

  @Test func saysWhereNoServerIs() throws {
    let scratch = try Scratch()
    defer { try? FileManager.default.removeItem(atPath: scratch.folder) }
    let server = try MapServer()
    let base = server.base
    server.stop()
    var download = HalfMapDownload(folder: scratch.path("project"))
    (download.base, download.box) = (base, 1...2)
    let error = try #require(throws: FormatError.self) { try download.run() }
    #expect(error.message.contains("cannot be fetched"))
  }

  // MARK: Folders

  @Test func findsTheNumberInAName() {
    #expect(HalfMapFolder.number(of: "emd_3001_half_map_1.map") == 3001)
    #expect(HalfMapFolder.number(of: "EMD-12345.mrc") == 12345)
    #expect(HalfMapFolder.number(of: "half2_017.mrc") == 17)
    #expect(HalfMapFolder.number(of: "map.mrc") == nil)
  }

  @Test func tellsWhatIsWrongWithPairs() throws {
    let scratch = try Scratch()
    defer { try? FileManager.default.removeItem(atPath: scratch.folder) }
    let root = scratch.path("project")
    for folder in ["1.0", "2.0", "1.5", "2.5"] {
      try FileManager.default.createDirectory(
        atPath: "\(root)/\(folder)", withIntermediateDirectories: true)
    }
    func put(_ folder: String, _ name: String, side: Int = 12, voxel: Double = 1.5) throws {
      let bytes = try Self.map(scratch, side: side, voxel: voxel, seed: 1, packed: false)
      try Data(bytes).write(to: URL(filePath: "\(root)/\(folder)/\(name)"))
    }
    try put("1.0", "emd_1_half_map_1.map")
    try put("2.0", "emd_1_half_map_2.map")
    try put("1.0", "emd_2_half_map_1.map")
    try put("2.0", "emd_2_half_map_2.map", side: 14)
    try put("1.0", "emd_3_half_map_1.map", voxel: 1.5)
    try put("2.0", "emd_3_half_map_2.map", voxel: 1.6)
    try put("1.0", "emd_4_half_map_1.map")
    try put("1.0", "emd_5_half_map_1.map")
    try put("2.0", "emd_5_half_map_2.map")
    try put("2.0", "emd_5_again.map")
    try put("1.0", "nameless.map")
    try Data("no map at all, only text".utf8).write(to: URL(filePath: "\(root)/1.0/emd_6_1.map"))
    try put("2.0", "emd_6_2.map")
    try put("1.5", "emd_9_half_map_1.map")
    try put("2.5", "emd_9_half_map_2.map")
    let folder = try HalfMapFolder(root + "/")
    let problems = Dictionary(uniqueKeysWithValues: folder.pairs.map { ($0.number, $0.problem) })
    #expect(problems[1] == .some(nil))
    #expect(problems[2]??.contains("boxes differ: 12x12x12 and 14x14x14") == true)
    #expect(problems[3]??.contains("voxel sizes differ") == true)
    #expect(problems[4]??.contains("second half is missing") == true)
    #expect(problems[5]??.contains("2 files have its number") == true)
    #expect(problems[6]??.isEmpty == false)
    #expect(folder.unnumbered.count == 1)
    #expect(folder.usable(.training).map(\.number) == [1])
    #expect(folder.usable(.validation).map(\.number) == [9])
    #expect(throws: FormatError.self) { try folder.pair(77) }

    try folder.putAside(folder.pair(1))
    let after = try HalfMapFolder(root)
    #expect(try after.pair(1).role == .bad)
    try after.putBack(after.pair(1))
    #expect(try HalfMapFolder(root).pair(1).role == .training)
    #expect(throws: FormatError.self) { try HalfMapFolder(scratch.path("nowhere")) }
    #expect(throws: FormatError.self) { try HalfMapFolder("\(root)/1.0") }
  }
}
