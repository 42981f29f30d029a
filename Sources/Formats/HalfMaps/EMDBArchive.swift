import TensorEngine

/// The Electron Microscopy Data Bank's search and file service, or a server that answers like it.
package struct EMDBArchive {
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
    var query =
      "current_status:\"REL\" AND structure_determination_method:\"singleParticle\""
      + " AND half_map_filename:[* TO *]"
    if let range = wish.resolution {
      query += " AND resolution:[\(range.lowerBound) TO \(range.upperBound)]"
    }
    let address =
      "\(api)/search/\(HTTPSession.escaped(query))?wt=csv&download=true&fl=emdb_id&rows=1000000"
    var seen: Set<Int> = []
    return try EMDBArchive.numbers(in: session.text(of: address))
      .filter { seen.insert($0).inserted }
  }

  /// The entries of an answer: lines of a table, or a list in JSON.
  package static func numbers(in answer: String) -> [Int] {
    func number(_ text: some StringProtocol) -> Int? {
      String(text).firstMatch(of: /(?i)EMD[-_]([0-9]{1,9})/).flatMap { Int($0.output.1) }
    }
    if let json = JSON(text: Array(answer.utf8)) {
      let list = json.array ?? ["results", "entries", "docs"].compactMap { json[$0]?.array }.first
      return (list ?? []).compactMap { ($0["emdb_id"]?.string ?? $0.string).flatMap(number) }
    }
    return answer.split(whereSeparator: \.isNewline).compactMap { number($0) }
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
    guard let json = JSON(text: Array(text.utf8)) else {
      throw FormatError(.damaged, "\(address) is no description of an entry")
    }
    let description = EMDBDescription(json)
    if let box = wish.box, let sides = description.sides, !sides.allSatisfy(box.contains) {
      return (nil, "its box is \(sides.asShape)")
    }
    if let range = wish.resolution, let resolution = description.resolution,
      !range.contains(resolution)
    {
      return (nil, "its resolution is \(resolution) A")
    }
    guard description.halves.count == 2 else { return (nil, "it has no half maps") }
    return (Entry(number: number, halves: description.halves), "")
  }

  func address(of file: String, _ number: Int) -> String {
    "\(files)/EMD-\(number)/other/\(file)"
  }
}
