import Formats
import Glibc
import TensorEngine
import Testing

/// HDF5 files are read by processes of their own, which damage may end.
@Suite struct HDF5ReaderProcessTests {
  private static let shape = [5, 1100, 1300]

  private static func packed(_ scratch: Scratch, _ name: String = "x.h5", first: Float = 0) throws
    -> (path: String, image: Image)
  {
    let image = try Image(
      Tensor(shape: shape) { first + Float($0 % 1009) }, axes: "ZYX", stored: .uint16)
    try Formats.save(image, scratch.path(name), SaveOptions(compression: .deflate))
    return (scratch.path(name), image)
  }

  /// The processes other than this one that have a file open.
  private static func readers(of path: String) -> [pid_t] {
    Folder.entries("/proc").compactMap { pid_t($0) }.filter { process in
      process != getpid()
        && Folder.entries("/proc/\(process)/fd").contains {
          Folder.target(of: "/proc/\(process)/fd/\($0)") == path
        }
    }
  }

  /// Waits until no other process has the file open.
  private static func areGone(from path: String) -> Bool {
    for _ in 0..<500 {
      if readers(of: path).isEmpty { return true }
      usleep(10_000)
    }
    return false
  }

  @Test func boxesComeTogether() throws {
    let scratch = try Scratch()
    let (path, image) = try Self.packed(scratch)
    let reader = try Formats.reader(path)
    #expect(try reader.read().tensor == image.tensor)
    for block in [
      [1..<4, 0..<1100, 0..<1300], [0..<5, 17..<1080, 0..<1300], [0..<5, 1023..<1025, 1000..<1300],
      [4..<5, 1099..<1100, 1299..<1300], [2..<2, 0..<1100, 0..<1300],
    ] {
      #expect(try reader.read(Region(block)).tensor.values == image.values(in: block))
    }
  }

  /// A local heap that says it is larger than memory is copied to nowhere by libhdf5 1.10.
  @Test(arguments: [UInt64(1) << 40, 1 << 56, UInt64.max - 7]) func aHeapLargerThanMemory(
    _ size: UInt64
  ) throws {
    let scratch = try Scratch()
    let (path, image) = try Self.packed(scratch)
    var bytes = try Scratch.read(path)
    let heap = try #require(bytes.firstRange(of: Array("HEAP".utf8)))
    bytes.replaceSubrange(
      heap.lowerBound + 8..<heap.lowerBound + 16, with: withUnsafeBytes(of: size) { Array($0) })
    let wrong = try scratch.write(bytes, to: "wrong.h5")
    let error = try failure { _ = try Formats.load(wrong) }
    #expect(error.kind == .damaged || error.kind == .unsupported, "\(error)")
    #expect(try Formats.load(path).image.tensor == image.tensor)
  }

  /// The numbers of a chunk, of which only the first four bytes are left.
  private static func cut(_ bytes: inout [UInt8], chunk: Int) throws {
    let marks = bytes.indices.dropLast().filter { bytes[$0] == 0x78 && bytes[$0 + 1] == 0x5e }
    try #require(marks.count > chunk)
    let short: [UInt8] = [0x78, 0x01, 0x01, 4, 0, 0xfb, 0xff, 0, 0, 0, 0, 0, 4, 0, 1]
    bytes.replaceSubrange(marks[chunk]..<marks[chunk] + short.count, with: short)
  }

  @Test func aChunkThatUnpacksTooShort() throws {
    let scratch = try Scratch()
    let (path, image) = try Self.packed(scratch)
    var bytes = try Scratch.read(path)
    try Self.cut(&bytes, chunk: 0)
    let wrong = try scratch.write(bytes, to: "wrong.h5")
    #expect(try failure { _ = try Formats.load(wrong) }.kind == .damaged)
    #expect(try Formats.load(path).image.tensor == image.tensor)
  }

  @Test func aReaderThatIsKilledIsAnErrorOfItsFileAlone() throws {
    let scratch = try Scratch()
    let (path, image) = try Self.packed(scratch)
    let (other, _) = try Self.packed(scratch, "other.h5")
    let reader = try Formats.reader(path)
    let sound = try Formats.reader(other)
    let corner = Region([0..<1, 0..<2, 0..<3])
    _ = try reader.read(corner)
    let processes = Self.readers(of: path)
    try #require(processes.count == 1)
    kill(processes[0], SIGKILL)
    for _ in 0..<2 {
      let error = try failure { _ = try reader.read() }
      #expect(error.kind == .damaged)
      #expect(error.message.contains(path) && error.message.contains("/data"), "\(error)")
      #expect(error.hint?.contains("h5repack") == true)
    }
    #expect(try sound.read(corner).tensor.values == [0, 1, 2, 291, 292, 293])
    #expect(try Formats.load(path).image.tensor == image.tensor)
  }

  @Test func readersEndWithTheirFiles() throws {
    let scratch = try Scratch()
    let (path, _) = try Self.packed(scratch)
    do {
      let reader = try Formats.reader(path)
      #expect(Self.readers(of: path).count == 1)
      _ = reader.info
    }
    #expect(Self.areGone(from: path))
  }

  @Test func anInterruptEndsAReadingAndNotTheReader() throws {
    let scratch = try Scratch()
    let (path, image) = try Self.packed(scratch)
    let reader = try Formats.reader(path)
    Interrupt.raiseHere()
    #expect(throws: Interrupted.self) { _ = try reader.read() }
    Interrupt.clear()
    #expect(try reader.read().tensor == image.tensor)
  }

  @Test func severalFilesAndThreadsAtOnceBesideAWriter() async throws {
    let scratch = try Scratch()
    let files = try (0..<3).map { try Self.packed(scratch, "\($0).h5", first: Float($0)) }
    let shared = try FileImage(files[0].path)
    nonisolated(unsafe) let folder = scratch
    let outcomes = await withTaskGroup(of: Bool.self) { group in
      for round in 0..<12 {
        group.addTask {
          let (path, image) = files[round % 3]
          return (try? Formats.load(path).image.tensor == image.tensor) ?? false
        }
        group.addTask {
          let rows = 100 * (round % 10)..<100 * (round % 10) + 90
          let block = [1..<4, rows, 5..<1205]
          return (try? shared.values(in: block) == files[0].image.values(in: block)) ?? false
        }
        group.addTask {
          (try? Self.packed(folder, "written-\(round).h5", first: Float(round))) != nil
        }
      }
      return await group.reduce(into: [Bool]()) { $0.append($1) }
    }
    #expect(outcomes.allSatisfy { $0 })
    for round in 0..<12 {
      let written = try Formats.load(scratch.path("written-\(round).h5")).image
      #expect(written.tensor.values.first == Float(round))
    }
  }

  /// The library locks what it writes, and whoever has the file open keeps the lock.
  @Test func aProgramStartedMeanwhileDoesNotHoldTheFile() throws {
    let scratch = try Scratch()
    let image = try ramp([3, 4], axes: "YX")
    let file = try Formats.writer(ImageInfo(image), scratch.path("x.h5"))
    try file.write(image.tensor.values, row: 0)
    var process: pid_t = 0
    var words = [strdup("sleep"), strdup("60"), nil]
    defer { for word in words { free(word) } }
    try #require(posix_spawn(&process, "/bin/sleep", nil, nil, &words, nil) == 0)
    defer {
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
    }
    _ = try file.finish()
    #expect(try Formats.load(scratch.path("x.h5")).image.tensor == image.tensor)
  }

  @Test func noDescriptorIsLeftOpen() throws {
    let scratch = try Scratch()
    let path = scratch.path("x.h5")
    try Formats.save(
      try ramp([30, 40], axes: "YX"), path, SaveOptions(compression: .deflate))
    let bytes = try Scratch.read(path)
    let wrong = try scratch.write(Array(bytes.prefix(bytes.count / 2)), to: "wrong.h5")
    _ = try Formats.load(path)
    let before = Folder.entries("/proc/self/fd").count
    for _ in 0..<50 {
      _ = try Formats.load(path)
      _ = try? Formats.load(wrong)
    }
    // Other tests run beside this one.
    #expect(Folder.entries("/proc/self/fd").count < before + 50)
  }
}

/// What stands in folders of the system.
private enum Folder {
  static func entries(_ path: String) -> [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      names.append(
        withUnsafeBytes(of: entry.pointee.d_name) {
          String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        })
    }
    return names
  }

  static func target(of link: String) -> String {
    var target = [UInt8](repeating: 0, count: 4096)
    let length = target.withUnsafeMutableBytes { bytes in
      readlink(link, bytes.baseAddress!.assumingMemoryBound(to: CChar.self), bytes.count)
    }
    return String(decoding: target.prefix(max(0, length)), as: UTF8.self)
  }
}
