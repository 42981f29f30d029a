import Commands
import Glibc
import Lang

/// Shows how far long work has come: a bar on a terminal; elsewhere a line now and then.
final class ProgressDisplay {
  private let console: Console
  private var last: ProgressUpdate?
  /// When a line was last written, on the work's own clock.
  private var written = 0.0

  /// Seconds between two drawings.
  private static let pause = 0.1
  /// Seconds between two lines where there is no bar, so that the log of a night stays readable.
  private static let linePause = 60.0
  /// Seconds from which work leaves a line behind.
  private static let long = 2.0

  init(_ console: Console) { self.console = console }

  func attach(to session: Session) {
    let sink = session.state(default: ProgressSink.init)
    sink.show = show
    sink.finish = finish
  }

  private func show(_ update: ProgressUpdate) {
    let isFirst = last.map { $0.task != update.task || update.seconds < $0.seconds } ?? true
    if isFirst { written = console.isStyled ? -ProgressDisplay.pause : 0 }
    last = update
    let pause = console.isStyled ? ProgressDisplay.pause : ProgressDisplay.linePause
    guard update.seconds - written >= pause else { return }
    written = update.seconds
    if console.isStyled {
      // The last column stays free: some terminals go to the next line there.
      let width = Terminal.width(STDERR_FILENO) - 1
      let panel =
        update.seconds < ProgressDisplay.long
        ? [] : update.panel(width, Terminal.height(STDERR_FILENO))
      console.draw(status: panel + [ProgressLine.text(update, width: width)])
    } else {
      console.note(ProgressLine.plain(update))
    }
  }

  private func finish() {
    console.eraseStatus()
    if let last, last.seconds >= ProgressDisplay.long { console.note(ProgressLine.summary(last)) }
    last = nil
  }
}
