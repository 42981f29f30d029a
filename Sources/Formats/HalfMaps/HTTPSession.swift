import CCurlShim
import Glibc
import TensorEngine

/// Files fetched over HTTP and HTTPS, several at once.
final class HTTPSession {
  /// What a transfer came to.
  struct Outcome {
    let id: Int
    /// The server's answer, such as 200 or 404; 0 where there was none.
    let status: Int
    /// Why it failed; nil where it did not.
    let failure: String?
    /// Bytes that the file holds now, and those that the server announced.
    let received: Int
    let expected: Int?

    /// Whether the server said that there is no such file.
    var isMissing: Bool { status == 404 || status == 410 }
    /// Whether another try may help: the line was cut, or the server is busy.
    var isPassing: Bool { failure != nil && (status < 400 || status >= 500 || status == 429) }
  }

  private let session: OpaquePointer

  /// - Throws: `FormatError` where libcurl is not there.
  init() throws {
    var message = [CChar](repeating: 0, count: Int(DN_HTTP_MESSAGE))
    guard let session = dn_http_open(&message) else {
      throw FormatError(
        .unsupported, "files cannot be downloaded: \(HTTPSession.text(message))",
        hint: "install libcurl (libcurl4 on Debian and Ubuntu)")
    }
    self.session = session
  }

  deinit { dn_http_close(session) }

  /// Bytes received by all transfers so far.
  var received: Int { Int(dn_http_received(session)) }

  /// Begins to fetch an address into an open file, from a byte on where the file ends already.
  func add(_ id: Int, _ address: String, descriptor: Int32, from: Int) throws {
    guard dn_http_add(session, Int64(id), address, descriptor, Int64(from)) == 0 else {
      throw FormatError(.system, "cannot begin to fetch \(address)")
    }
  }

  /// The next transfer that ends; nil where none is under way.
  ///
  /// - Parameter wait: called a few times a second.
  /// - Throws: `Interrupted`.
  func next(_ wait: () -> Void = {}) throws -> Outcome? {
    var result = dn_http_result()
    while true {
      try Interrupt.check()
      let found = dn_http_wait(session, 200, &result)
      if found < 0 { return nil }
      if found > 0 { break }
      wait()
    }
    let message = withUnsafeBytes(of: result.message) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    return Outcome(
      id: Int(result.id), status: Int(result.status), failure: result.failed != 0 ? message : nil,
      received: Int(result.received), expected: result.expected < 0 ? nil : Int(result.expected))
  }

  /// The whole of a small answer.
  ///
  /// - Throws: `FormatError` where it cannot be had after three tries; `Interrupted`.
  func text(of address: String, longest: Int = 1 << 26) throws -> String {
    var last: Outcome?
    for _ in 0..<3 {
      let descriptor = dn_http_scratch()
      guard descriptor >= 0 else {
        throw FormatError(.system, "there is no room to fetch \(address)")
      }
      defer { close(descriptor) }
      try add(-1, address, descriptor: descriptor, from: 0)
      guard let outcome = try next() else { break }
      last = outcome
      if outcome.failure == nil {
        return try HTTPSession.content(descriptor, min(outcome.received, longest))
      }
      if !outcome.isPassing { break }
    }
    throw FormatError(
      last?.isMissing == true ? .missing : .system,
      "\(address) cannot be fetched: \(last?.failure ?? "no answer")",
      hint: last?.status == 0 ? "is the network there? `base=` names another server" : nil)
  }

  private static func content(_ descriptor: Int32, _ count: Int) throws -> String {
    var bytes = [UInt8](repeating: 0, count: count)
    let read = pread(descriptor, &bytes, count, 0)
    return String(decoding: bytes.prefix(max(0, read)), as: UTF8.self)
  }

  private static func text(_ message: [CChar]) -> String {
    String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// A part of an address with what has a meaning there written as %XX.
  static func escaped(_ text: String) -> String {
    let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~".utf8)
    return text.utf8.map { byte in
      if plain.contains(byte) { return String(UnicodeScalar(byte)) }
      let digits = String(byte, radix: 16, uppercase: true)
      return "%" + (digits.count < 2 ? "0" : "") + digits
    }.joined()
  }
}
