/// Looking for texts in texts, by characters.
enum TextSearch {
  static func contains(_ text: String, _ part: String) -> Bool {
    part.isEmpty || first(part, in: Array(text)[...]) != nil
  }

  /// The pieces between the separators; an empty separator gives one piece.
  static func split(_ text: String, by separator: String) -> [String] {
    guard !separator.isEmpty else { return [text] }
    var pieces: [String] = []
    var rest = Array(text)[...]
    let width = separator.count
    while let at = first(separator, in: rest) {
      pieces.append(String(rest[..<at]))
      rest = rest[(at + width)...]
    }
    return pieces + [String(rest)]
  }

  private static func first(_ part: String, in text: ArraySlice<Character>) -> Int? {
    let wanted = Array(part)
    guard text.count >= wanted.count, let head = wanted.first else { return nil }
    for start in text.startIndex...(text.endIndex - wanted.count) where text[start] == head {
      if text[start..<(start + wanted.count)].elementsEqual(wanted) { return start }
    }
    return nil
  }
}
