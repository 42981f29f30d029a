import Testing

/// The Tab key at the prompt.
@Suite(.serialized) struct CompletionTests {
  let folder: Scratch
  let dn: TerminalSession

  init() throws {
    folder = try Scratch()
    dn = try TerminalSession(in: folder)
    try dn.expect("dn> ")
  }

  /// Types keys, and expects the statement that comes of them to print a text.
  private func typing(_ keys: String, prints text: String) throws {
    dn.send(keys)
    try dn.expect("\r\n" + text + "\r\n")
    try dn.expect("dn> ")
  }

  @Test func functionsAndVariables() throws {
    try dn.run("wonderful = 30")
    try typing("prin\t wond\t + 12\r", prints: "42")
  }

  @Test func commandsAreListedWhereSeveralFit() throws {
    dn.send("poisson\t")
    // With what each is.
    try dn.expect("poisson_gaussian  counting noise and then")
    try dn.expect("poisson_nll")
    dn.send("_n\t")
    try dn.expect("poisson_nll")
  }

  @Test func optionsAndTheirChoices() throws {
    dn.send("net = train noisy epo\t")
    try dn.expect("epochs=")
    dn.send("3 method=str\t")
    try dn.expect("structn2v")
    dn.send("\u{3}")
    try dn.expect("dn> ")
    dn.send("y = train(noisy, normalize=mean\t")
    try dn.expect("meanstd")
  }

  @Test func commandsAndModels() throws {
    dn.send("net = trai\t")
    try dn.expect("train")
    dn.send("noisy model=self2\t")
    try dn.expect("self2self")
  }

  @Test func fields() throws {
    try dn.run("settings = {alpha: 1, width: 77}")
    try typing("settings.wi\t\r", prints: "77")
  }

  @Test func filesInsideQuotes() throws {
    try folder.makeFolder("inner")
    try folder.write("", to: "inner/some file.txt")
    try typing("exists \"inn\tso\t\r", prints: "true")
    try typing("exists('inner/so\t)\r", prints: "true")
  }

  @Test func nothingFits() throws {
    try typing("7 \t\t+ nosuchna\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}1\r", prints: "8")
  }
}
