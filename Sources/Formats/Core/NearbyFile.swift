import Glibc

/// The file a user may have meant: the nearest name in the same folder.
enum NearbyFile {
  static func hint(for path: String) -> String? {
    let wanted = PathName(path)
    guard let names = list(wanted.folder) else {
      return "there is no folder \"\(wanted.folder)\" either"
    }
    let limit = max(1, wanted.name.count / 3)
    let nearest = names.map { ($0, distance($0.lowercased(), wanted.name.lowercased())) }
      .filter { $0.1 <= limit }
      .min { ($0.1, $0.0) < ($1.1, $1.0) }
    guard let name = nearest?.0 else { return nil }
    return "did you mean \"\(path.contains("/") ? wanted.sibling(name) : name)\"?"
  }

  /// Names in a folder, at most some thousands of them; nil where there is no such folder.
  private static func list(_ folder: String) -> [String]? {
    guard let handle = opendir(folder) else { return nil }
    defer { closedir(handle) }
    var names: [String] = []
    while names.count < 4096, let entry = readdir(handle) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names
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
