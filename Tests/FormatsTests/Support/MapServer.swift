import Foundation

/// An HTTP server on 127.0.0.1 that answers like EMDB, and fails as servers do.
final class MapServer: @unchecked Sendable {
  /// What the server does with a path.
  struct Answer {
    var body: [UInt8]
    /// Connections that are cut after so many bytes, before one that is not.
    var cuts: [Int] = []
    /// Bytes announced in the place of the body's count.
    var announced: Int?
    var status = 200
    /// Whether parts are sent where they are asked for.
    var resumes = true
  }

  let port: Int
  private let lock = NSLock()
  private var answers: [String: Answer] = [:]
  private var asked: [(path: String, range: Int?)] = []
  private let socket: Int32

  var base: String { "http://127.0.0.1:\(port)" }

  init() throws {
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(socket, address, length) == 0 && listen(socket, 64) == 0
          && getsockname(socket, address, &length) == 0
      }
    }
    struct Failed: Error {}
    guard bound else { throw Failed() }
    port = Int(UInt16(bigEndian: address.sin_port))
    self.socket = socket
    let thread = Thread { [weak self] in
      while true {
        let connection = accept(socket, nil, nil)
        if connection < 0 { return }
        guard let server = self else {
          close(connection)
          return
        }
        Thread { server.serve(connection) }.start()
      }
    }
    thread.start()
  }

  func stop() {
    shutdown(socket, Int32(SHUT_RDWR))
    close(socket)
  }

  subscript(path: String) -> Answer? {
    get { lock.withLock { answers[path] } }
    set { lock.withLock { answers[path] = newValue } }
  }

  /// The paths asked for so far, with the byte they were asked from.
  var requests: [(path: String, range: Int?)] { lock.withLock { asked } }

  private func serve(_ connection: Int32) {
    defer { close(connection) }
    var request = ""
    var buffer = [UInt8](repeating: 0, count: 4096)
    while !request.contains("\r\n\r\n") {
      let got = recv(connection, &buffer, buffer.count, 0)
      if got <= 0 { return }
      request += String(decoding: buffer.prefix(got), as: UTF8.self)
    }
    let path = String(request.split(separator: " ")[1].prefix { $0 != "?" })
    let range = request.firstMatch(of: /Range: bytes=([0-9]+)-/).flatMap { Int($0.output.1) }
    let answer = lock.withLock { () -> (Answer, cut: Int?)? in
      asked.append((path, range))
      guard var answer = answers[path] else { return nil }
      let cut = answer.cuts.isEmpty ? nil : answer.cuts.removeFirst()
      answers[path] = answer
      return (answer, cut)
    }
    guard let (answer, cut) = answer, answer.status == 200 else {
      let status = answer?.0.status ?? 404
      send(connection, Array("HTTP/1.1 \(status) No\r\nContent-Length: 0\r\n\r\n".utf8))
      return
    }
    var body = answer.body
    var head = "HTTP/1.1 200 OK\r\n"
    if let range, answer.resumes {
      guard range < body.count else {
        send(connection, Array("HTTP/1.1 416 No\r\nContent-Length: 0\r\n\r\n".utf8))
        return
      }
      head =
        "HTTP/1.1 206 Part\r\n"
        + "Content-Range: bytes \(range)-\(body.count - 1)/\(body.count)\r\n"
      body.removeFirst(range)
    }
    head += "Content-Length: \(answer.announced ?? body.count)\r\nConnection: close\r\n\r\n"
    send(connection, Array(head.utf8) + body.prefix(cut ?? body.count))
  }

  private func send(_ connection: Int32, _ bytes: [UInt8]) {
    var start = 0
    while start < bytes.count {
      let sent = bytes.withUnsafeBytes { buffer in
        Glibc.send(
          connection, buffer.baseAddress?.advanced(by: start), buffer.count - start,
          Int32(MSG_NOSIGNAL))
      }
      if sent <= 0 { return }
      start += sent
    }
  }
}
