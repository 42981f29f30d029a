import Foundation
import Testing

/// The processes that read HDF5 files for the program.
@Suite struct HDF5ReaderTests {
  /// A session with `x.h5` open on the disk, after a first read of it.
  private static func session(_ folder: Scratch) throws -> TerminalSession {
    _ = try Dn.run(["-c", "save (zeros([3, 40, 50]) + 1) \"x.h5\" compress=deflate"], in: folder)
    let dn = try TerminalSession(in: folder)
    try dn.expect("dn> ")
    try dn.run("v = load \"x.h5\" memory=map")
    #expect(try dn.run("mean(v[z=0])").contains("1\r\n"))
    return dn
  }

  private static func text(_ path: String) -> String {
    (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
  }

  private static func children(of process: pid_t) -> [pid_t] {
    let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task"))
    return (threads ?? []).flatMap { thread in
      text("/proc/\(process)/task/\(thread)/children").split(separator: " ")
        .compactMap { pid_t($0) }
    }
  }

  /// The server that the program has started, and the readers of that.
  private static func readers(of program: pid_t) -> [pid_t] {
    children(of: program).flatMap { [$0] + children(of: $0) }
  }

  /// Whether all end within some seconds; those that nobody has asked after yet have ended too.
  private static func end(_ processes: [pid_t]) -> Bool {
    for _ in 0..<500 {
      let left = processes.filter { process in
        let status = text("/proc/\(process)/status")
        return !status.isEmpty && !status.contains("State:\tZ")
      }
      if left.isEmpty { return true }
      usleep(10_000)
    }
    return false
  }

  @Test func nothingIsLeftOfAProgramThatIsKilled() throws {
    let folder = try Scratch()
    let dn = try Self.session(folder)
    let readers = Self.readers(of: dn.processNumber)
    #expect(readers.count == 2)
    kill(dn.processNumber, SIGKILL)
    #expect(Self.end(readers))
  }

  @Test func nothingIsLeftOfAProgramThatEnds() throws {
    let folder = try Scratch()
    let dn = try Self.session(folder)
    let readers = Self.readers(of: dn.processNumber)
    dn.send("\u{4}")
    #expect(dn.end() == 0)
    #expect(Self.end(readers))
  }

  @Test func aServerThatIsKilledIsStartedAnew() throws {
    let folder = try Scratch()
    let dn = try Self.session(folder)
    let readers = Self.readers(of: dn.processNumber)
    kill(try #require(readers.first), SIGKILL)
    #expect(Self.end(readers))
    let error = try dn.run("mean(v[z=1])")
    #expect(error.contains("is damaged: the HDF5 library broke down at its data set /data"))
    try dn.run("w = load \"x.h5\"")
    #expect(try dn.run("mean(w)").contains("1\r\n"))
    // The first server is no zombie.
    #expect(Self.children(of: dn.processNumber).count == 1)
  }

  @Test func keysAtTheTerminalDoNotReachReaders() throws {
    let folder = try Scratch()
    let dn = try Self.session(folder)
    dn.send("\u{3}")
    try dn.expect("dn> ")
    #expect(try dn.run("mean(v[z=1])").contains("1\r\n"))
  }

  @Test func aReaderThatHangsIsGivenUpAfterAnInterrupt() throws {
    let folder = try Scratch()
    let dn = try Self.session(folder)
    let reader = try #require(Self.readers(of: dn.processNumber).last)
    kill(reader, SIGSTOP)
    defer { kill(reader, SIGCONT) }
    dn.send("mean(v[z=1])\r")
    try dn.expect("\r\n")
    usleep(300_000)
    dn.send("\u{3}")
    try dn.expect("interrupted")
    try dn.expect("dn> ")
    #expect(try dn.run("1 + 1").contains("2\r\n"))
  }

  @Test func pathsAreThoseOfThePlaceWhereTheProgramIs() throws {
    let folder = try Scratch()
    let dn = try Self.session(folder)
    try folder.makeFolder("deep")
    try dn.run("cd \"deep\"")
    try dn.run("w = load \"../x.h5\"")
    #expect(try dn.run("mean(w)").contains("1\r\n"))
  }
}
