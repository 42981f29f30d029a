/// Words that people bring from other programs, and what is said here.
enum Habits {
  /// The hint for a word that is no name here; nil where nothing is known of it.
  static func hint(for word: String) -> String? {
    words.first { $0.words.contains(word) }?.hint
  }

  private static let words: [(words: Set<String>, hint: String)] = [
    (["exit", "bye", "logout"], "`quit` or Ctrl-D leaves"),
    (
      ["import", "using", "require", "from"], "nothing needs importing; `help` lists what there is"
    ),
    (["imread", "open", "read", "loadtxt"], "`load \"FILE\"` reads a file"),
    (["imwrite", "imsave", "write", "savefig"], "`save x \"FILE\"` writes a file"),
    (
      ["imshow", "display", "view"],
      "`show x` shows an image in the terminal, `slice` draws it to a file"
    ),
    (
      ["man", "doc", "info", "describe"],
      "`help NAME` or `?NAME` tells about a name; a name alone shows its value"
    ),
    (["dir"], "`ls` lists the files of this folder"),
    (["shape", "size", "dtype"], "`x.shape` and `x.dtype` tell of an image, `len(x)` of a list"),
    (["fit", "learn"], "`train` trains a network"),
    (
      ["infer", "apply", "clean"],
      "`predict MODEL IMAGE` denoises with a network, `denoise` without"
    ),
    (["let", "var", "const"], "a variable is made by assigning to it: `x = 3`"),
    (["elif"], "say `else if`"),
    (["None", "null", "nil", "NULL"], "say `none`"),
    (["True", "TRUE"], "say `true`"),
    (["False", "FALSE"], "say `false`"),
  ]
}
