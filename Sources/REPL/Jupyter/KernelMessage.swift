import Formats

/// A message between front end and kernel (https://jupyter-client.readthedocs.io, "Messaging").
struct KernelMessage {
  /// Whom an answer goes to.
  let identities: [[UInt8]]
  let header: JSON
  let content: JSON

  var kind: String { header["msg_type"]?.string ?? "" }

  private static let delimiter = Array("<IDS|MSG>".utf8)

  /// nil where the parts are no message, or not signed by the key.
  init?(_ parts: [[UInt8]], key: [UInt8]) {
    guard let mark = parts.firstIndex(of: KernelMessage.delimiter), parts.count >= mark + 6 else {
      return nil
    }
    let body = Array(parts[(mark + 2)..<(mark + 6)])
    if !key.isEmpty {
      let code = Array(SHA256.messageCode(body, key: key).utf8)
      guard code == parts[mark + 1] else { return nil }
    }
    guard let header = JSON(text: body[0]), let content = JSON(text: body[3]) else { return nil }
    identities = Array(parts[..<mark])
    self.header = header
    self.content = content
  }

  /// The parts of a message from the kernel.
  ///
  /// - Parameters:
  ///   - identities: whom it goes to, or the topic where it goes to all.
  ///   - parent: the header of what it answers.
  static func parts(
    _ kind: String, _ content: JSON, to identities: [[UInt8]], parent: JSON?, session: String,
    number: Int, date: String, key: [UInt8]
  ) -> [[UInt8]] {
    let header = JSON.object(of: [
      "msg_id": .string("\(session)_\(number)"), "session": .string(session),
      "username": .string("kernel"), "date": .string(date), "msg_type": .string(kind),
      "version": .string("5.3"),
    ])
    let body = [header, parent ?? .object([]), .object([]), content].map { Array($0.line.utf8) }
    let code = key.isEmpty ? [] : Array(SHA256.messageCode(body, key: key).utf8)
    return identities + [delimiter, code] + body
  }
}
