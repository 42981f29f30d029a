/// The file a user may have meant: the nearest name in the same folder.
enum NearbyFile {
  static func hint(for path: String) -> String? {
    let wanted = PathName(path)
    guard Folder.isThere(wanted.folder) else {
      return "there is no folder \"\(wanted.folder)\" either"
    }
    let names = Folder.names(in: wanted.folder, limit: 4096).filter { !$0.hasPrefix(".") }
    let limit = max(1, wanted.name.count / 3)
    let nearest = names.map { ($0, distance($0.lowercased(), wanted.name.lowercased())) }
      .filter { $0.1 <= limit }
      .min { ($0.1, $0.0) < ($1.1, $1.0) }
    guard let name = nearest?.0 else { return nil }
    return "did you mean \"\(path.contains("/") ? wanted.sibling(name) : name)\"?"
  }

  /// Levenshtein's edit distance.
  private static func distance(_ left: String, _ right: String) -> Int {
    let right = Array(right)
    var row = Array(0...right.count)
    for (i, letter) in left.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for j in right.indices {
        let substituted = diagonal + (letter == right[j] ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(substituted, row[j] + 1, diagonal + 1)
      }
    }
    return row[right.count]
  }
}
