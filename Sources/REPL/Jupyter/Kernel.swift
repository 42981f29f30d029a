import Commands
import Formats
import Glibc
import Lang
import TensorEngine

/// The program as a kernel of Jupyter (message protocol 5.3).
final class Kernel {
  private let session: Session
  private let sockets: KernelSockets
  private let output: KernelOutput
  private var count = 0
  private var status: Int32?

  init(session: Session, sockets: KernelSockets) {
    self.session = session
    self.sockets = sockets
    output = KernelOutput(sockets)
    output.attach(to: session)
    session.keepsInterruptedWork = true
    session.state(default: Screen.init).isLive = false
  }

  /// Answers until it is told to stop.
  ///
  /// - Returns: the exit status.
  func run() -> Int32 {
    publish(state: "starting")
    while true {
      if let status { return status }
      // While nothing runs, there is nothing to interrupt.
      Interrupt.clear()
      if let (message, channel) = sockets.next(within: 1000) { answer(message, on: channel) }
    }
  }

  private func publish(state: String) {
    output.publish("status", .object(of: ["execution_state": .string(state)]))
  }

  private func answer(_ message: KernelMessage, on channel: KernelSockets.Channel) {
    output.parent = message.header
    publish(state: "busy")
    let stem = message.kind.hasSuffix("_request") ? message.kind.dropLast(8) : ""
    if let content = reply(to: message) {
      output.flush()
      sockets.reply("\(stem)_reply", content, to: message, on: channel)
    }
    publish(state: "idle")
    if message.kind == "execute_request", lastFailed { abortWaiting(message) }
  }

  private func reply(to message: KernelMessage) -> JSON? {
    let content = message.content
    let code = content["code"]?.string ?? ""
    switch message.kind {
    case "kernel_info_request": return information
    case "execute_request": return execute(code, content)
    case "complete_request": return complete(code, content["cursor_pos"]?.count)
    case "inspect_request": return inspect(code, content["cursor_pos"]?.count)
    case "is_complete_request":
      return .object(of: [
        "status": .string(session.isComplete(code) ? "complete" : "incomplete"),
        "indent": .string(""),
      ])
    case "history_request": return history(content)
    case "comm_info_request":
      return .object(of: ["status": .string("ok"), "comms": .object([])])
    case "interrupt_request":
      Interrupt.raise()
      return .object(of: ["status": .string("ok")])
    case "shutdown_request":
      status = Program.Status.success
      return .object(of: [
        "status": .string("ok"), "restart": content["restart"] ?? .bool(false),
      ])
    default: return nil
    }
  }

  private var information: JSON {
    .object(of: [
      "status": .string("ok"), "protocol_version": .string("5.3"),
      "implementation": .string("dn"), "implementation_version": .string(Provenance.version),
      "language_info": .object(of: [
        "name": .string("dn"), "version": .string(Provenance.version),
        "mimetype": .string("text/x-dn"), "file_extension": .string(".dn"),
        // Near enough for colours in front ends that do not know dn.
        "pygments_lexer": .string("python"), "codemirror_mode": .string("python"),
      ]),
      "banner": .string("dn \(Provenance.version): `help` lists what there is"),
      "help_links": .array([]), "debugger": .bool(false),
    ])
  }

  // MARK: Running cells

  private var lastFailed = false

  private func execute(_ code: String, _ content: JSON) -> JSON {
    let isSilent = content["silent"] == .bool(true)
    if !isSilent {
      if content["store_history"] != .bool(false) { count += 1 }
      output.publish(
        "execute_input",
        .object(of: ["code": .string(code), "execution_count": .number(Double(count))]))
    }
    output.isSilent = isSilent
    output.count = count
    lastFailed = false
    Interrupt.clear()
    let outcome = session.runTyped(code, name: "cell \(count)")
    Interrupt.clear()
    output.flush()
    switch outcome {
    case .finished: return succeeded
    case .quit(let status):
      self.status = status
      return succeeded
    case .interrupted: return failed("Interrupted", "interrupted", ["interrupted"], content)
    case .failed(let diagnostics):
      let lines = diagnostics.map { $0.rendered(color: true) }.joined().split(separator: "\n")
      return failed(
        "error", diagnostics.first?.message ?? "", lines.map(String.init), content)
    }
  }

  private var succeeded: JSON {
    .object(of: [
      "status": .string("ok"), "execution_count": .number(Double(count)),
      "user_expressions": .object([]), "payload": .array([]),
    ])
  }

  private func failed(_ name: String, _ value: String, _ lines: [String], _ content: JSON) -> JSON {
    lastFailed = content["stop_on_error"] != .bool(false)
    let problem: [(String, JSON)] = [
      ("ename", .string(name)), ("evalue", .string(value)),
      ("traceback", .array(lines.map(JSON.string))),
    ]
    let members = problem.map { JSON.Member(name: $0.0, value: $0.1) }
    if !output.isSilent { output.publish("error", .object(members)) }
    let status: [JSON.Member] = [
      .init(name: "status", value: .string("error")),
      .init(name: "execution_count", value: .number(Double(count))),
    ]
    return .object(status + members)
  }

  /// Cells that wait behind one that failed are not run.
  private func abortWaiting(_ failed: KernelMessage) {
    while let (message, channel) = sockets.next(within: 0) {
      guard message.kind == "execute_request" else {
        answer(message, on: channel)
        continue
      }
      output.parent = message.header
      publish(state: "busy")
      sockets.reply(
        "execute_reply", .object(of: ["status": .string("aborted")]), to: message, on: channel)
      publish(state: "idle")
    }
  }

  // MARK: Help while typing

  /// The text up to the cursor, which front ends count in Unicode's scalars.
  private func before(_ code: String, _ cursor: Int?) -> String {
    String(code.unicodeScalars.prefix(cursor ?? code.unicodeScalars.count))
  }

  private func complete(_ code: String, _ cursor: Int?) -> JSON {
    let text = before(code, cursor)
    let line = text.split(separator: "\n", omittingEmptySubsequences: false).last ?? ""
    let found = session.complete(String(line), cursor: line.count)
    let end = text.unicodeScalars.count
    let typed = line.dropFirst(found.start).unicodeScalars.count
    return .object(of: [
      "status": .string("ok"), "matches": .array(found.candidates.map(JSON.string)),
      "cursor_start": .number(Double(end - typed)), "cursor_end": .number(Double(end)),
      "metadata": .object([]),
    ])
  }

  private func inspect(_ code: String, _ cursor: Int?) -> JSON {
    func isPart(_ letter: Character) -> Bool {
      letter == "_" || letter.isLetter || letter.isNumber
    }
    let text = before(code, cursor)
    let start = String(text.reversed().prefix(while: isPart).reversed())
    let name = start + String(code.dropFirst(text.count).prefix(while: isPart))
    let shown = session[name].map { Show.full($0) } ?? (try? session.help(name))
    let data: JSON = shown.map { .object(of: ["text/plain": .string($0)]) } ?? .object([])
    return .object(of: [
      "status": .string("ok"), "found": .bool(shown != nil && !name.isEmpty),
      "data": name.isEmpty ? .object([]) : data, "metadata": .object([]),
    ])
  }

  private func history(_ content: JSON) -> JSON {
    var known = session.history.enumerated().map { (number: $0.offset + 1, text: $0.element) }
    switch content["hist_access_type"]?.string {
    case "range":
      let start = content["start"]?.count ?? 0
      let stop = content["stop"]?.count ?? Int.max
      known = known.filter { $0.number >= start && $0.number < stop }
    case "search":
      let pattern = content["pattern"]?.string ?? "*"
      known = known.filter { fnmatch(pattern, $0.text, 0) == 0 }
      if content["unique"] == .bool(true) {
        var seen: Set<String> = []
        known = known.reversed().filter { seen.insert($0.text).inserted }.reversed()
      }
    default: break
    }
    let withOutput = content["output"] == .bool(true)
    return .object(of: [
      "status": .string("ok"),
      "history": .array(
        known.suffix(content["n"]?.count ?? known.count).map { number, text in
          let typed = JSON.string(text)
          return .array([
            .number(0), .number(Double(number)), withOutput ? .array([typed, .null]) : typed,
          ])
        }),
    ])
  }
}
