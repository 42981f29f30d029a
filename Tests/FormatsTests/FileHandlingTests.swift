import Formats
import Glibc
import TensorEngine
import Testing

/// What happens around files, whatever their format.
@Suite struct FileHandlingTests {
  @Test func aMissingFileIsNamedAndItsNeighbourOffered() throws {
    let scratch = try Scratch()
    try Formats.save(try ramp([2, 2], axes: "YX"), scratch.path("noisy.npy"))
    let error = try failure { _ = try Formats.load(scratch.path("noisi.npy")) }
    #expect(error.kind == .missing)
    #expect(error.hint == "did you mean \"\(scratch.path("noisy.npy"))\"?")
    #expect(try failure { _ = try Formats.load("") }.message == "the file name is empty")
  }

  @Test func aFolderIsNoFile() throws {
    let scratch = try Scratch()
    #expect(try failure { _ = try Formats.load(scratch.folder) }.kind == .notAFile)
    let image = try ramp([2, 2], axes: "YX")
    #expect(mkdir(scratch.path("x.npy"), 0o755) == 0)
    #expect(
      try failure { try Formats.save(image, scratch.path("x.npy")) }.kind == .notAFile)
    #expect(try failure { _ = try Formats.load("/dev/null") }.kind == .notAFile)
  }

  @Test func anEmptyFileIsDamaged() throws {
    let scratch = try Scratch()
    let path = try scratch.write([], to: "x.mrc")
    let error = try failure { _ = try Formats.load(path) }
    #expect(error.kind == .damaged)
    #expect(error.message.contains("0 bytes"))
  }

  @Test func nothingIsOverwrittenUnasked() throws {
    let scratch = try Scratch()
    let path = scratch.path("clean.map.gz")
    try Formats.save(try ramp([2, 2], axes: "YX"), path)
    let before = try Scratch.read(path)
    let error = try failure { try Formats.save(try ramp([3, 3], axes: "YX"), path) }
    #expect(error.kind == .exists)
    #expect(
      error.hint
        == "say overwrite=true, or save as \"\(scratch.path("clean_2.map.gz"))\", which is free")
    #expect(try Scratch.read(path) == before)
    try Formats.save(try ramp([3, 3], axes: "YX"), path, SaveOptions(overwrite: true))
    #expect(try Formats.load(path).image.shape == [3, 3])
    #expect(scratch.names == ["clean.map.gz"])
  }

  @Test func aMissingFolderIsNamed() throws {
    let scratch = try Scratch()
    let error = try failure {
      try Formats.save(try ramp([2, 2], axes: "YX"), scratch.path("deep/x.npy"))
    }
    #expect(error.kind == .missing)
    #expect(error.message.contains("there is no folder \"\(scratch.path("deep"))\""))
  }

  @Test func anUnknownEndingListsTheKnown() throws {
    let scratch = try Scratch()
    let image = try ramp([2, 2], axes: "YX")
    let error = try failure { try Formats.save(image, scratch.path("x.gif")) }
    #expect(error.kind == .unknown)
    #expect(error.hint?.contains(".png") == true)
    #expect(scratch.names.isEmpty)
  }

  @Test func aFailedWriteLeavesNothing() throws {
    let scratch = try Scratch()
    // A volume is no picture: the failure comes when the file is open.
    #expect(throws: FormatError.self) {
      try Formats.save(try ramp([2, 3, 4], axes: "ZYX"), scratch.path("x.png"))
    }
    #expect(scratch.names.isEmpty)
  }

  @Test func aFullDiskIsAClearError() throws {
    let scratch = try Scratch()
    // A limit on file sizes fails as a full disk does, and can be set without one.
    var before = rlimit()
    try #require(getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &before) == 0)
    var tight = before
    tight.rlim_cur = 3 << 20
    let handler = signal(SIGXFSZ, SIG_IGN)
    setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &tight)
    defer {
      setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &before)
      signal(SIGXFSZ, handler)
    }
    let error = try failure {
      try Formats.save(try ramp([1024, 1024], axes: "YX"), scratch.path("x.mrc"))
    }
    #expect(error.kind == .tooLarge)
    #expect(error.message.contains("disk is full"))
    #expect(scratch.names.isEmpty)
  }

  @Test func linksAreFollowed() throws {
    let scratch = try Scratch()
    try Formats.save(try ramp([2, 2], axes: "YX"), scratch.path("a.npy"))
    #expect(symlink(scratch.path("a.npy"), scratch.path("b.npy")) == 0)
    try Formats.save(
      try ramp([3, 2], axes: "YX"), scratch.path("b.npy"), SaveOptions(overwrite: true))
    #expect(try Formats.load(scratch.path("a.npy")).image.shape == [3, 2])
  }

  @Test(arguments: [
    ("<!DOCTYPE html><html>not found</html>", "web page"), ("version https://git-lfs…", "Git LFS"),
    ("GIF89a\u{1}\u{2}", "GIF"), ("just words", "plain text"), ("PK\u{3}\u{4}\u{1}", "ZIP"),
  ])
  func unknownContentSaysWhatItLooksLike(_ content: String, _ word: String) throws {
    let scratch = try Scratch()
    let error = try failure {
      _ = try Formats.load(try scratch.write(content, to: "x.mrc"))
    }
    #expect(error.kind == .unknown)
    #expect(error.hint?.contains(word) == true, "\(error)")
  }

  @Test func theContentDecidesNotTheEnding() throws {
    let scratch = try Scratch()
    try Formats.save(try ramp([2, 3], axes: "YX"), scratch.path("x.npy"))
    #expect(rename(scratch.path("x.npy"), scratch.path("x.mrc")) == 0)
    #expect(try Formats.load(scratch.path("x.mrc")).format == "npy")
  }

  @Test(arguments: ["gz", "bz2"]) func packedFilesRoundTrip(_ ending: String) throws {
    let scratch = try Scratch()
    let image = try ramp([5, 300, 200], axes: "ZYX")
    let path = scratch.path("x.mrc.\(ending)")
    let report = try Formats.save(image, path)
    #expect(report.bytes < 5 * 300 * 200 * 4)
    #expect(try Formats.load(path).image.tensor == image.tensor)
    #expect(try Formats.describe(path).packing == (ending == "gz" ? .gzip : .bzip2))
    // Cut in the midst, and with a byte changed.
    var bytes = try Scratch.read(path)
    let cut = try scratch.write(Array(bytes.prefix(bytes.count / 2)), to: "cut.mrc.\(ending)")
    #expect(try failure { _ = try Formats.load(cut) }.kind == .damaged)
    bytes[bytes.count / 2] ^= 0xff
    let wrong = try scratch.write(bytes, to: "wrong.mrc.\(ending)")
    #expect(try failure { _ = try Formats.load(wrong) }.kind == .damaged)
  }

  /// A wrong checksum is seen however large the last piece is that is read.
  @Test(arguments: [10_000, 100_000, 300_000, 3_000_000])
  func aWrongChecksumIsDamage(_ count: Int) throws {
    let scratch = try Scratch()
    let path = scratch.path("x.npy.gz")
    try Formats.save(try ramp([count], axes: "X"), path)
    var bytes = try Scratch.read(path)
    // The checksum and the length, four bytes each, are the last.
    bytes[bytes.count - 6] ^= 0xff
    let wrong = try scratch.write(bytes, to: "wrong.npy.gz")
    #expect(try failure { _ = try Formats.load(wrong) }.kind == .damaged)
  }

  @Test(arguments: ["gz", "bz2"]) func streamsPutTogetherAreReadOn(_ ending: String) throws {
    let scratch = try Scratch()
    try Formats.save(try ramp([4, 100, 100], axes: "ZYX"), scratch.path("x.npy"))
    let whole = try Scratch.read(scratch.path("x.npy"))
    var joined: [UInt8] = []
    for part in [whole[..<7000], whole[7000...]] {
      let file = try OutputFile(
        path: scratch.path("part"), overwrite: true, packing: ending == "gz" ? .gzip : .bzip2)
      try file.write(Array(part))
      try file.commit()
      joined += try Scratch.read(scratch.path("part"))
    }
    let path = try scratch.write(joined, to: "x.npy.\(ending)")
    #expect(try Formats.load(path).image.shape == [4, 100, 100])
  }

  @Test func aBombIsStoppedBeforeItGoesOff() throws {
    let scratch = try Scratch()
    let path = scratch.path("x.mrc.gz")
    try Formats.save(try ramp([200, 100, 100], axes: "ZYX", step: 0), path)
    let error = try failure {
      _ = try Formats.load(path, LoadOptions(limit: MemoryLimit(bytes: 1 << 20)))
    }
    #expect(error.kind == .tooLarge)
    #expect(error.message.contains("8 MB"))
    #expect(error.hint?.contains("crop=") == true)
  }

  @Test func cropsAndRegionsAreChecked() throws {
    let scratch = try Scratch()
    let path = scratch.path("x.npy")
    try Formats.save(try ramp([4, 5, 6], axes: "ZYX"), path)
    let image = try Formats.load(path, LoadOptions(crop: ["Z": 1..<3, "X": 2..<6])).image
    #expect(image.shape == [2, 5, 4])
    #expect(image.tensor.values.first == 32)
    let outside = try failure {
      _ = try Formats.load(path, LoadOptions(crop: ["Y": 2..<6]))
    }
    #expect(outside.message == "2:6 is outside axis Y, which has 5")
    let unknown = try failure {
      _ = try Formats.load(path, LoadOptions(crop: ["C": 0..<1]))
    }
    #expect(unknown.hint == "its axes are \"ZYX\"")
    #expect(throws: FormatError.self) { try Formats.load(path, LoadOptions(axes: "YX")) }
    #expect(try Formats.load(path, LoadOptions(axes: "YXC")).image.shape == [6, 4, 5])
  }
}
