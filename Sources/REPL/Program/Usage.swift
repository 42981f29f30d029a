/// What `dn --help` prints.
enum Usage {
  static let text = """
    dn - a scripting environment for image denoising

      dn                               opens the prompt
      dn FILE.dn [args…]               runs a script; `args` holds the rest
      dn -c 'commands' [args…]         runs the commands
      dn - [args…] < FILE.dn           runs a script from standard input
      dn run FILE.dn --html OUT.html   runs a script and writes a report of it
                                       (also --ipynb OUT.ipynb, --md OUT.md)
      dn check FILE.dn                 tells what is wrong with a script without running it
      dn jupyter install               makes dn a kernel of Jupyter for this user
      dn manual FOLDER                 writes the reference manual and an editor's grammar
      dn help [NAME]                   help on a command or function, or the list of all
      dn --version

    Results go to standard output; progress, notes and errors to standard error.
    Exit status: 0, 1 for an error in the script, 2 for wrong use, 130 for an interrupt.

    NO_COLOR     no colours and no progress bar
    DN_RUNS      folder in which every training is kept (see `help runs`)
    DN_PICTURES  how `show` draws: kitty, iterm, sixel or text; asked of the terminal otherwise
    DN_HISTORY   file that keeps what was typed at the prompt; empty for none

    """
}
