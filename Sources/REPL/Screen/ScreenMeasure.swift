import Commands
import Glibc
import Lang

extension Screen {
  /// Tells a session what the terminal of standard output can show.
  static func attach(to session: Session) {
    let screen = session.state(default: Screen.init)
    screen.measure = { screen in
      screen.columns = Terminal.width(STDOUT_FILENO)
      screen.rows = Terminal.height(STDOUT_FILENO)
      if let cell = Terminal.cell(STDOUT_FILENO) { screen.cell = cell }
    }
    screen.measure(screen)
    screen.isLive = Terminal.takesControlCodes(STDERR_FILENO)
    guard Terminal.takesControlCodes(STDOUT_FILENO) else { return }
    let depth = Terminal.variable("COLORTERM") ?? ""
    screen.colors = depth == "truecolor" || depth == "24bit" ? .full : .palette
    screen.detectPictures = TerminalPictures.detected
  }
}
