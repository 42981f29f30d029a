import Commands
import Glibc
import Lang

extension Screen {
  /// Tells a session what the terminal of standard output can show.
  static func attach(to session: Session) {
    let screen = session.state(default: Screen.init)
    screen.columns = Terminal.width(STDOUT_FILENO)
    guard Terminal.takesControlCodes(STDOUT_FILENO) else { return }
    let depth = Terminal.variable("COLORTERM") ?? ""
    screen.colors = depth == "truecolor" || depth == "24bit" ? .full : .palette
  }
}
