import Glibc
import Testing

/// Ctrl-C in the midst of each kind of long work: it stops, and the session goes on, however often
/// the keys are struck.
@Suite(.serialized) struct InterruptTests {
  private static let keys = "\u{3}"

  /// Work that takes long, in a session where `noisy` is a picture of 64 x 64 and `net` a small
  /// model of it; what is seen once it has begun; and what is said when it ends.
  struct Work: Sendable, CustomStringConvertible {
    let name: String
    var before: [String] = []
    let line: String
    var ended = "interrupted"
    var description: String { name }
  }

  static let works = [
    Work(name: "predict", line: "clean = predict net noisy samples=100000"),
    Work(
      name: "predict a file", before: ["save zeros(512, 512) \"v.mrc\""],
      line: "predict net \"v.mrc\" to=\"w.mrc\" samples=100000"),
    Work(
      name: "calibrate", before: ["large = sample(\"cells\", size=512, noise=gaussian(25))[0]"],
      line: "found = calibrate large nlm_filter(h=1..200)"),
    Work(
      name: "denoise", before: ["large = sample(\"cells\", size=1024, noise=gaussian(25))[0]"],
      line: "smooth = denoise large nlm_filter(h=1, distance=40)"),
    Work(
      name: "train", line: "net = train noisy model=single_conv mask=grid(4) epochs=1000000",
      ended: "stopped after"),
    Work(
      name: "sweep", line: "found = sweep k=1..1000000 { record square=k^2 }",
      ended: "the sweep was stopped after"),
  ]

  @Test(arguments: works) func endsLongWorkAndNotTheSession(_ work: Work) throws {
    let folder = try Scratch()
    let dn = try TerminalSession(in: folder)
    try dn.expect("dn> ")
    try dn.run("noisy = sample(\"cells\", size=64, noise=gaussian(25), seed=1)[0]")
    try dn.run("net = train noisy model=single_conv patch=16 batch=1 epochs=1 steps=1")
    for line in work.before { try dn.run(line) }
    for keys in [Self.keys, Self.keys + Self.keys] {
      // The line is read whole before the work begins, which the first word printed shows.
      dn.send("print \"be\" + \"gin\"; \(work.line)\r")
      try dn.expect("\nbegin\r\n")
      Self.wait(0.3)
      dn.send(keys)
      try dn.expect(work.ended)
      try dn.expect("dn> ")
      #expect(try dn.run("print noisy.shape") == "[64, 64]\r\n")
    }
    dn.send("\u{4}")
    #expect(dn.end() == 0)
    #expect(try Dn.shell("ls -A | grep -v '^v.mrc$'", in: folder).output == "")
  }

  /// Noise packed by bzip2 takes long to unpack.
  @Test func endsTheLoadingOfAFile() throws {
    let folder = try Scratch()
    let dn = try TerminalSession(in: folder)
    try dn.expect("dn> ")
    try dn.run("volume = 40 * randn([24, 1024, 1024]); save volume \"x.mrc.bz2\" dtype=int8")
    for keys in [Self.keys, Self.keys + Self.keys] {
      dn.send("print \"be\" + \"gin\"; other = load \"x.mrc.bz2\"\r")
      try dn.expect("\nbegin\r\n")
      Self.wait(0.1)
      dn.send(keys)
      try dn.expect("interrupted")
      try dn.expect("dn> ")
      #expect(try dn.run("print volume.shape") == "[24, 1024, 1024]\r\n")
    }
    dn.send("\u{4}")
    #expect(dn.end() == 0)
    withExtendedLifetime(folder) {}
  }

  private static func wait(_ seconds: Double) { usleep(UInt32(seconds * 1e6)) }
}
