/// The pages of a TIFF file that are alike and so make up one image.
struct TIFFSeries {
  let page: TIFFPage
  let pages: [Int]
  let description: String
  private(set) var notes: [String] = []

  /// - Parameter key: Number of the series, from 0; nil for the first.
  /// - Throws: `FormatError` of kind `badRequest` where there is no series of that number.
  init(_ file: TIFFFile, key: String?) throws {
    var groups: [(page: TIFFPage, pages: [Int])] = []
    for index in 0..<file.pageCount {
      let page = try file.page(index)
      // Thumbnails and the levels of pyramids repeat what is there.
      if page.isReduced, index > 0 { continue }
      if let group = groups.firstIndex(where: { $0.page == page }) {
        groups[group].pages.append(index)
      } else {
        groups.append((page, [index]))
      }
    }
    let number = key.map { Int($0) ?? -1 } ?? 0
    guard groups.indices.contains(number) else {
      throw FormatError(
        .badRequest, "\"\(file.path)\" has no series \"\(key ?? "0")\"",
        hint: "its series are numbered from 0 to \(max(0, groups.count - 1))")
    }
    (page, pages) = groups[number]
    description = try file.description(pages[0])
    if key == nil, groups.count > 1 {
      let left = groups.dropFirst().reduce(0) { $0 + $1.pages.count }
      notes.append(
        "\(left) page\(left == 1 ? "" : "s") of another size or type "
          + "\(left == 1 ? "was" : "were") left out; key=1 reads them")
    }
  }
}
