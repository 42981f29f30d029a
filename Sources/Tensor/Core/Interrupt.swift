import CSupport

/// The one global flag: set by Ctrl-C, polled by long work at its safe points.
public enum Interrupt {
  /// Makes SIGINT raise the flag in the place of ending the program.
  public static func install() { dn_interrupt_install() }
  public static var isPending: Bool { dn_interrupt_pending() }
  public static func clear() { dn_interrupt_clear() }
  public static func raise() { dn_interrupt_raise() }
  /// Raises it for the calling thread alone: for tests, which run beside each other.
  public static func raiseHere() { dn_interrupt_raise_here() }

  /// Throws `Interrupted` where the flag is up.
  public static func check() throws {
    if isPending { throw Interrupted() }
  }
}
