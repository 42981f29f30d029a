import TensorEngine

/// The Electron Microscopy Data Bank's search and file service, or a server that answers like it.
struct EMDBArchive {
  /// What is asked of a map.
  struct Wish {
    /// Sides of the box, in voxels.
    var box: ClosedRange<Int>?
    /// In ångström.
    var resolution: ClosedRange<Double>?
  }

  /// An entry with both half maps.
  struct Entry {
    let number: Int
    /// File names of the halves.
    let halves: [String]
  }

  /// Address of the search and of the entries' descriptions.
  let api: String
  /// Address of the files' folders.
  let files: String

  /// - Parameter base: Address of a server that has both below the paths that EMBL-EBI uses; nil
  ///   for EMBL-EBI itself.
  init(base: String?) throws {
    guard let base else {
      api = "https://www.ebi.ac.uk/emdb/api"
      files = "https://ftp.ebi.ac.uk/pub/databases/emdb/structures"
      return
    }
    guard base.hasPrefix("http://") || base.hasPrefix("https://") else {
      throw FormatError(
        .badRequest, "\"\(base)\" is no address of a server", hint: "it begins with https://")
    }
    let root = base.hasSuffix("/") ? String(base.dropLast()) : base
    api = root + "/emdb/api"
    files = root + "/pub/databases/emdb/structures"
  }

  /// Numbers of released single-particle maps of a resolution, in the archive's order.
  ///
  /// - Throws: `FormatError` where the search does not answer; `Interrupted`.
  func search(_ wish: Wish, _ session: HTTPSession) throws -> [Int] {
    var query = "current_status:\"REL\" AND structure_determination_method:\"singleParticle\""
    if let range = wish.resolution {
      query += " AND resolution:[\(range.lowerBound) TO \(range.upperBound)]"
    }
    let address =
      "\(api)/search/\(HTTPSession.escaped(query))?wt=csv&download=true&fl=emdb_id&rows=1000000"
    let lines = try session.text(of: address).split(whereSeparator: \.isNewline)
    let numbers = lines.compactMap { line in
      line.firstMatch(of: /EMD-([0-9]{1,9})/).flatMap { Int($0.output.1) }
    }
    var seen: Set<Int> = []
    return numbers.filter { seen.insert($0).inserted }
  }

  /// The description of an entry.
  ///
  /// - Returns: the entry, or why it is not wanted.
  /// - Throws: `FormatError` where it cannot be had or read; `Interrupted`.
  func entry(
    _ number: Int, _ wish: Wish, _ session: HTTPSession
  ) throws -> (entry: Entry?, refusal: String) {
    let address = "\(api)/entry/EMD-\(number)"
    let text = try session.text(of: address)
    guard let json = try? JSONParser.parse(Array(text.utf8)) else {
      throw FormatError(.damaged, "\(address) is no description of an entry")
    }
    if let box = wish.box, let sides = EMDBArchive.sides(json),
      !sides.allSatisfy(box.contains)
    {
      return (nil, "its box is \(sides.asShape)")
    }
    let halves = json["interpretation"]?["half_map_list"]?["half_map"]?.array ?? []
    let names = halves.compactMap { $0["file"]?.string }.filter { EMDBArchive.isPlain($0) }.sorted()
    guard names.count == 2 else { return (nil, "it has no half maps") }
    return (Entry(number: number, halves: names), "")
  }

  func address(of file: String, _ number: Int) -> String {
    "\(files)/EMD-\(number)/other/\(file)"
  }

  private static func sides(_ json: JSON) -> [Int]? {
    guard let dimensions = json["map"]?["dimensions"] else { return nil }
    let sides = ["sec", "row", "col"].compactMap { name -> Int? in
      dimensions[name]?.count ?? dimensions[name]?.string.flatMap { Int($0) }
    }
    return sides.count == 3 ? sides : nil
  }

  /// A name that stays in its folder.
  private static func isPlain(_ name: String) -> Bool {
    !name.isEmpty && !name.hasPrefix(".") && !name.contains("/") && name.utf8.allSatisfy { $0 > 32 }
  }
}
