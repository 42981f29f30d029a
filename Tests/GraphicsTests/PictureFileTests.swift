import Glibc
import Graphics
import Testing

@Suite struct PictureFileTests {
  /// A fresh folder, removed after use.
  private func inFolder(_ body: (String) throws -> Void) throws {
    var template = Array("/tmp/dn-graphics-XXXXXX".utf8CString)
    let made = try #require(mkdtemp(&template))
    let folder = String(cString: made)
    defer {
      for name in names(in: folder) { remove(folder + "/" + name) }
      rmdir(folder)
    }
    try body(folder)
  }

  private func names(in folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var list: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { list.append(name) }
    }
    return list.sorted()
  }

  private func bytes(of path: String) -> [UInt8] {
    guard let file = fopen(path, "r") else { return [] }
    defer { fclose(file) }
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let count = fread(&buffer, 1, buffer.count, file)
    return Array(buffer.prefix(count))
  }

  private let plot = Plot(series: [Series("", [1, 2, 3])])

  @Test func theEndingTellsTheKind() throws {
    try inFolder { folder in
      try plot.write(to: folder + "/a.png")
      try plot.write(to: folder + "/b.SVG")
      #expect(bytes(of: folder + "/a.png").starts(with: [137, 80, 78, 71]))
      #expect(bytes(of: folder + "/b.SVG").starts(with: Array("<?xml".utf8)))
      #expect(names(in: folder) == ["a.png", "b.SVG"])
    }
  }

  @Test(arguments: ["picture", "picture.jpg", "folder.png/picture", ""])
  func otherEndingsAreErrors(path: String) {
    let error = #expect(throws: GraphicsError.self) { try PictureKind(path: path) }
    #expect(error?.hint?.contains(".svg") == true)
  }

  @Test func aFileIsReplacedWhole() throws {
    try inFolder { folder in
      try PictureFile.replace(folder + "/x", with: [1, 2, 3, 4])
      try PictureFile.replace(folder + "/x", with: [9])
      #expect(bytes(of: folder + "/x") == [9])
    }
  }

  @Test func aMissingFolderIsNamed() throws {
    try inFolder { folder in
      let error = #expect(throws: GraphicsError.self) {
        try plot.write(to: folder + "/no/a.png")
      }
      #expect(error?.message.contains("/no/a.png") == true)
      #expect(error?.hint == "make the folder first")
    }
  }

  @Test func aFolderInThePlaceOfTheFileStays() throws {
    try inFolder { folder in
      mkdir(folder + "/a.png", 0o755)
      #expect(throws: GraphicsError.self) { try plot.write(to: folder + "/a.png") }
      #expect(names(in: folder) == ["a.png"])
    }
  }

  @Test func aFigureThatFailsLeavesWhatWasThere() throws {
    try inFolder { folder in
      try PictureFile.replace(folder + "/a.png", with: [7])
      #expect(throws: GraphicsError.self) { try Plot(series: []).write(to: folder + "/a.png") }
      #expect(bytes(of: folder + "/a.png") == [7])
      #expect(names(in: folder) == ["a.png"])
    }
  }
}
