import Commands
import Formats
import Lang

/// What a cell prints, shows and draws, on its way to the front ends.
final class KernelOutput {
  private let sockets: KernelSockets
  /// The header of the request that is being answered.
  var parent: JSON?
  /// Whether anything is to be told.
  var isSilent = false
  var count = 0

  private var name = ""
  private var text = ""
  private var sent = ContinuousClock.now
  private var progress: ProgressUpdate?
  private var drawn = -Double.infinity
  private var displays = 0

  private static let longest = 1 << 16
  private static let pause = 0.25
  /// Seconds from which work leaves a line behind.
  private static let long = 2.0

  init(_ sockets: KernelSockets) { self.sockets = sockets }

  func attach(to session: Session) {
    session.output = Output(
      text: { [unowned self] in write($0, to: "stdout") },
      note: { [unowned self] in write($0, to: "stderr") },
      value: { [unowned self] in result($0) }, takesPictures: true)
    session.transcript.observe = { [unowned self] entry in
      if case .picture(let picture) = entry { show(picture) }
    }
    let sink = session.state(default: ProgressSink.init)
    sink.show = { [unowned self] in show($0) }
    sink.finish = { [unowned self] in finishProgress() }
  }

  func publish(_ kind: String, _ content: JSON) {
    sockets.publish(kind, content, parent: parent)
  }

  private func write(_ piece: String, to stream: String) {
    guard !isSilent else { return }
    if stream != name { flush() }
    name = stream
    text += piece
    if text.utf8.count > KernelOutput.longest
      || sent.duration(to: .now) > .seconds(KernelOutput.pause)
    {
      flush()
    }
  }

  /// Sends what was printed.
  func flush() {
    sent = .now
    guard !text.isEmpty else { return }
    publish("stream", .object(of: ["name": .string(name), "text": .string(text)]))
    text = ""
  }

  private func result(_ shown: String) {
    guard !isSilent else { return }
    flush()
    let plain = shown.hasSuffix("\n") ? String(shown.dropLast()) : shown
    publish(
      "execute_result",
      .object(of: [
        "execution_count": .number(Double(count)),
        "data": .object(of: ["text/plain": .string(plain)]), "metadata": .object([]),
      ]))
  }

  private func show(_ picture: Transcript.Picture) {
    guard !isSilent, !picture.bytes.isEmpty else { return }
    flush()
    publish(
      "display_data",
      .object(of: [
        "data": picture.json, "metadata": .object([]), "transient": .object([]),
      ]))
  }

  // MARK: Progress: one display that is written anew

  private func show(_ update: ProgressUpdate) {
    guard !isSilent else { return }
    let isFirst = progress.map { $0.task != update.task || update.seconds < $0.seconds } ?? true
    if isFirst {
      displays += 1
      drawn = 0
    }
    let isNew = progress == nil || isFirst
    progress = update
    guard update.seconds - drawn >= KernelOutput.pause else { return }
    let begins = isNew || drawn == 0
    drawn = update.seconds
    flush()
    draw(ProgressLine.text(update, width: 100), begins: begins)
  }

  private func draw(_ line: String, begins: Bool) {
    publish(
      begins ? "display_data" : "update_display_data",
      .object(of: [
        "data": .object(of: ["text/plain": .string(line)]), "metadata": .object([]),
        "transient": .object(of: ["display_id": .string("progress-\(displays)")]),
      ]))
  }

  private func finishProgress() {
    defer { progress = nil }
    guard let progress, drawn > 0, !isSilent else { return }
    draw(String(ProgressLine.summary(progress).dropLast()), begins: false)
  }
}
