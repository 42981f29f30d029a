import Glibc
import TensorEngine

/// Fetches half maps from EMDB into a half-map project: several files at once, taken up where they
/// were cut, checked for their size, unpacked, and none that any of the project's folders has.
public struct HalfMapDownload: Sendable {
  /// What became of one half.
  public struct Report: Sendable {
    public enum State: String, Sendable {
      case fetched
      case there = "there already"
      case missing = "not on the server"
      case failed
      case unwanted
    }

    public let number: Int
    /// 1 or 2; nil where it is about the entry.
    public let half: Int?
    public let state: State
    /// Bytes of the packed file.
    public let bytes: Int
    /// More to say, or nothing.
    public let note: String
  }

  /// Folder of the project.
  public let folder: String
  /// Sides of the box, in voxels; nil for any.
  public var box: ClosedRange<Int>?
  /// In ångström; nil for any.
  public var resolution: ClosedRange<Double>?
  /// Maps wanted, by number; those that the search finds where nil.
  public var numbers: [Int]?
  /// Maps fetched at most.
  public var count = 10
  /// Files under way at once.
  public var parallel = 4
  /// Tries for a file before it is given up.
  public var tries = 5
  /// Another server than EMBL-EBI's.
  public var base: String?

  public init(folder: String) { self.folder = folder }

  /// One half on its way.
  private struct Job {
    let number: Int
    let half: Int
    let address: String
    /// Where the unpacked map will be.
    let target: String
    /// Where the packed one is gathered; kept when it is cut, so that a later call goes on.
    let part: String
    var tries = 0
    var descriptor: Int32 = -1
  }

  /// - Parameter observe: told the shares of files done and the bytes received.
  /// - Throws: `FormatError` where the search does not answer or the folder cannot be written to;
  ///   `Interrupted`, and what was cut can be taken up again.
  public func run(_ observe: (_ done: Double, _ bytes: Int) -> Void = { _, _ in }) throws
    -> [Report]
  {
    for name in ["1.0", "2.0"] { try Folder.make("\(folder)/\(name)") }
    let project = try HalfMapFolder(folder)
    let archive = try EMDBArchive(base: base)
    let session = try HTTPSession()
    let wish = EMDBArchive.Wish(box: box, resolution: resolution)
    var reports: [Report] = []
    var jobs: [Job] = []
    var maps = 0
    for number in try numbers ?? archive.search(wish, session) where maps < count {
      let known = project.pairs.first { $0.number == number }
      if let known, known.first != nil, known.second != nil {
        maps += 1
        reports += [1, 2].map {
          Report(number: number, half: $0, state: .there, bytes: 0, note: known.role.rawValue)
        }
        continue
      }
      do {
        let (entry, refusal) = try archive.entry(number, wish, session)
        guard let entry else {
          // A search finds many that are not wanted; only what was asked for is told.
          if numbers != nil {
            reports.append(
              Report(number: number, half: nil, state: .unwanted, bytes: 0, note: refusal))
          }
          continue
        }
        maps += 1
        for (index, file) in entry.halves.enumerated() {
          if (index == 0 ? known?.first : known?.second) != nil {
            reports.append(
              Report(number: number, half: index + 1, state: .there, bytes: 0, note: ""))
          } else {
            jobs.append(job(entry.number, half: index + 1, file, archive))
          }
        }
      } catch let error as FormatError {
        reports.append(
          Report(
            number: number, half: nil, state: error.kind == .missing ? .missing : .failed, bytes: 0,
            note: error.message))
      }
    }
    reports += try fetch(jobs, session, observe)
    return reports.sorted { ($0.number, $0.half ?? 0) < ($1.number, $1.half ?? 0) }
  }

  private func job(_ number: Int, half: Int, _ file: String, _ archive: EMDBArchive) -> Job {
    let place = "\(folder)/\(half == 1 ? "1.0" : "2.0")"
    let plain = PathName(file).packing == .none ? file : String(file.prefix { $0 != "." }) + ".map"
    return Job(
      number: number, half: half, address: archive.address(of: file, number),
      target: "\(place)/\(plain)", part: "\(place)/.\(file).part")
  }

  private func fetch(
    _ jobs: [Job], _ session: HTTPSession, _ observe: (Double, Int) -> Void
  ) throws -> [Report] {
    var jobs = jobs
    var waiting = Array(jobs.indices)[...]
    var running = 0
    var reports: [Report] = []
    defer { for job in jobs where job.descriptor >= 0 { close(job.descriptor) } }
    func tell() { observe(Double(reports.count) / Double(max(1, jobs.count)), session.received) }
    while true {
      while running < max(1, parallel), let next = waiting.popFirst() {
        try begin(&jobs[next], next, session)
        running += 1
      }
      guard running > 0, let outcome = try session.next(tell) else { break }
      running -= 1
      let job = jobs[outcome.id]
      close(job.descriptor)
      jobs[outcome.id].descriptor = -1
      if let report = try judged(outcome, job) {
        reports.append(report)
        tell()
      } else {
        waiting.append(outcome.id)
      }
    }
    return reports
  }

  /// Begins a transfer, where the last one left off.
  private func begin(_ job: inout Job, _ id: Int, _ session: HTTPSession) throws {
    job.tries += 1
    job.descriptor = open(job.part, O_WRONLY | O_CREAT | O_CLOEXEC, 0o666)
    guard job.descriptor >= 0 else { throw SystemError.writing(job.part, SystemError.number) }
    let there = lseek(job.descriptor, 0, SEEK_END)
    try session.add(id, job.address, descriptor: job.descriptor, from: Int(max(0, there)))
  }

  /// What an ended transfer means.
  ///
  /// - Returns: nil where it is to be tried again.
  private func judged(_ outcome: HTTPSession.Outcome, _ job: Job) throws -> Report? {
    func report(_ state: Report.State, _ note: String) -> Report {
      Report(
        number: job.number, half: job.half, state: state, bytes: outcome.received, note: note)
    }
    if outcome.isMissing {
      Folder.remove(file: job.part)
      return report(.missing, job.address)
    }
    var fault = outcome.failure
    // The server has no more than is there already: perhaps all of it.
    if outcome.status == 416 { fault = nil }
    if fault == nil, outcome.status != 416, let expected = outcome.expected,
      outcome.received != expected
    {
      fault = "\(outcome.received) bytes came in the place of \(expected)"
    }
    if fault == nil {
      do {
        try unpack(job)
        let note = job.tries > 1 ? "in \(job.tries) tries" : ""
        Folder.remove(file: job.part)
        return report(.fetched, note)
      } catch let error as FormatError where error.kind == .damaged || error.kind == .unknown {
        // What is wrong from end to end is not mended by taking it up.
        fault = error.message
        Folder.remove(file: job.part)
      }
    }
    guard job.tries < tries, outcome.isPassing || outcome.failure == nil else {
      return report(.failed, fault ?? "")
    }
    return nil
  }

  /// Unpacks a file that came in full, and checks that it is a whole map.
  private func unpack(_ job: Job) throws {
    let source = try FileDescriptor(reading: job.part)
    let head = try source.bytes(at: 0, upTo: 16, path: job.part)
    let file = try OutputFile(path: job.target, overwrite: false, isNamed: true)
    if Packing(head: head) == .none {
      for start in stride(from: 0, to: source.size, by: 1 << 20) {
        try Interrupt.check()
        try file.write(source.bytes(at: start, upTo: 1 << 20, path: job.part))
      }
    } else {
      let unpacker: any Unpacker =
        Packing(head: head) == .gzip
        ? try GzipUnpacker(path: job.part) : try Bzip2Unpacker(path: job.part)
      while true {
        try Interrupt.check()
        let piece = try unpacker.next(1 << 20)
        if piece.isEmpty { break }
        try file.write(piece)
      }
    }
    try HalfMapDownload.check(file.temporaryPath, called: job.target)
    try file.commit()
  }

  /// - Throws: `FormatError` of kind `damaged` where the file is not as long as its header says.
  private static func check(_ path: String, called name: String) throws {
    let bytes = try ByteSource(path: path)
    guard let header = MRCHeader(try bytes.bytes(at: 0, upTo: MRCHeader.length)), header.hasMark
    else {
      throw FormatError.damaged(name, "it is no MRC map")
    }
    guard let mode = MRCMode(rawValue: header[.mode]), let number = mode.number,
      let count = (header.size + [number.size]).checkedProduct
    else {
      throw FormatError.damaged(name, "its header makes no sense")
    }
    let promised = MRCHeader.length + header[.extendedLength] + count
    guard promised == bytes.sizeOnDisk else {
      throw FormatError.damaged(
        name, "its header promises \(promised) bytes, it has \(bytes.sizeOnDisk)")
    }
  }
}
