import Formats

/// Where a front end waits for its kernel, and the key that signs their messages.
struct ConnectionFile {
  let key: [UInt8]
  private let transport: String
  private let ip: String
  private let ports: JSON

  /// - Throws: `FormatError` where the file cannot be read, `ProgramError` where it is none.
  init(path: String) throws {
    guard let json = JSON(text: try Formats.bytes(of: path, longest: 1 << 20)),
      let ip = json["ip"]?.string
    else { throw ProgramError("\"\(path)\" is no connection file of Jupyter") }
    let scheme = json["signature_scheme"]?.string ?? "hmac-sha256"
    guard scheme == "hmac-sha256" else {
      throw ProgramError("messages signed by \(scheme) are not understood")
    }
    key = Array((json["key"]?.string ?? "").utf8)
    transport = json["transport"]?.string ?? "tcp"
    self.ip = ip
    ports = json
  }

  /// - Throws: `ProgramError` where the file names no port for the channel.
  func address(_ channel: String) throws -> String {
    guard let port = ports[channel + "_port"]?.count else {
      throw ProgramError("the connection file names no port for \(channel)")
    }
    return transport == "ipc" ? "ipc://\(ip)-\(port)" : "\(transport)://\(ip):\(port)"
  }
}
