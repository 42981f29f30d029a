import CZMQShim
import Commands
import Formats
import Glibc
import TensorEngine

/// The five channels of a kernel.
final class KernelSockets {
  enum Channel { case shell, control }

  private let shell: OpaquePointer
  private let control: OpaquePointer
  private let everyone: OpaquePointer
  private let key: [UInt8]
  private let session: String
  private var number = 0

  /// - Throws: `ProgramError` where the library is missing or a port is taken.
  init(_ connection: ConnectionFile) throws {
    if let reason = dn_zmq_library_error() {
      throw ProgramError(
        "a kernel needs ZeroMQ: \(String(cString: reason))", hint: "install it (Debian: libzmq5)")
    }
    func bound(_ kind: dn_zmq_kind, _ channel: String) throws -> OpaquePointer {
      let address = try connection.address(channel)
      guard let socket = dn_zmq_bind(kind, address) else {
        throw ProgramError("cannot listen at \(address)")
      }
      return socket
    }
    shell = try bound(DN_ZMQ_ROUTER, "shell")
    control = try bound(DN_ZMQ_ROUTER, "control")
    // Nothing is asked of the user while a cell runs, but front ends connect to it.
    _ = try bound(DN_ZMQ_ROUTER, "stdin")
    everyone = try bound(DN_ZMQ_PUB, "iopub")
    guard dn_zmq_echo(try connection.address("hb")) == 0 else {
      throw ProgramError("cannot listen for the heartbeat")
    }
    key = connection.key
    var stream = RandomStream(
      seed: UInt64(bitPattern: Int64(time(nil))) ^ UInt64(getpid()) << 32, purpose: .language)
    session = "\(stream.next())\(stream.next())\(stream.next())"
  }

  deinit { dn_zmq_finish() }

  /// The next message; nil where none came in that time.
  func next(within milliseconds: Int) -> (KernelMessage, Channel)? {
    let sockets = [control, shell]
    let ready = dn_zmq_wait(sockets, Int32(sockets.count), milliseconds)
    guard ready != 0 else { return nil }
    let channel: Channel = ready & 1 != 0 ? .control : .shell
    let parts = KernelSockets.receive(channel == .control ? control : shell)
    return KernelMessage(parts, key: key).map { ($0, channel) }
  }

  func reply(_ kind: String, _ content: JSON, to message: KernelMessage, on channel: Channel) {
    let parts = parts(kind, content, to: message.identities, parent: message.header)
    KernelSockets.send(parts, on: channel == .control ? control : shell)
  }

  /// Tells every front end.
  func publish(_ kind: String, _ content: JSON, parent: JSON?) {
    KernelSockets.send(parts(kind, content, to: [Array(kind.utf8)], parent: parent), on: everyone)
  }

  private func parts(
    _ kind: String, _ content: JSON, to identities: [[UInt8]], parent: JSON?
  ) -> [[UInt8]] {
    number += 1
    return KernelMessage.parts(
      kind, content, to: identities, parent: parent, session: session, number: number,
      date: UTC.text(Int(time(nil))), key: key)
  }

  private static func receive(_ socket: OpaquePointer) -> [[UInt8]] {
    var parts: [[UInt8]] = []
    var more: Int32 = 1
    while more != 0 {
      var bytes: UnsafeMutablePointer<UInt8>?
      var count = 0
      guard dn_zmq_receive(socket, &bytes, &count, &more) == 0 else { break }
      parts.append(Array(UnsafeBufferPointer(start: bytes, count: count)))
      dn_zmq_release(bytes)
    }
    return parts
  }

  private static func send(_ parts: [[UInt8]], on socket: OpaquePointer) {
    for (index, part) in parts.enumerated() {
      guard dn_zmq_send(socket, part, part.count, index + 1 < parts.count ? 1 : 0) == 0 else {
        return
      }
    }
  }
}
