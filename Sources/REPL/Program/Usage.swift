/// What `dn --help` prints.
enum Usage {
  static let text = """
    dn - a scripting environment for image denoising

      dn                               opens the prompt
      dn FILE.dn [args…]               runs a script; `args` holds the rest
      dn -c 'commands' [args…]         runs the commands
      dn - [args…] < FILE.dn           runs a script from standard input
      dn run FILE.dn --html OUT.html   runs a script and writes a report of it
      dn check FILE.dn                 tells what is wrong with a script without running it
      dn help [NAME]                   help on a command or function, or the list of all
      dn --version

    Results go to standard output; progress, notes and errors to standard error.
    Exit status: 0, 1 for an error in the script, 2 for wrong use, 130 for an interrupt.

    NO_COLOR     no colours and no progress bar
    DN_HISTORY   file that keeps what was typed at the prompt; empty for none

    """
}
