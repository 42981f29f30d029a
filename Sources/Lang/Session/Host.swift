/// What the language asks of the world; the program gives it files.
public protocol Host {
  /// The bytes of a script that is included.
  ///
  /// - Throws: an `Explained` error that says why it cannot be read.
  func read(script path: String) throws -> [UInt8]
  func exists(_ path: String) -> Bool
  /// Paths that fit a pattern with `*`, `?` and `[…]`, sorted.
  func glob(_ pattern: String) throws -> [String]
  /// Paths that begin with a text, for completion inside quotes; folders end in `/`.
  func paths(beginning text: String) -> [String]
}

/// A world without files.
public struct NoHost: Host {
  public init() {}
  public func read(script path: String) throws -> [UInt8] {
    throw LangError("there are no files here: `\(path)` cannot be read")
  }
  public func exists(_ path: String) -> Bool { false }
  public func glob(_ pattern: String) throws -> [String] { [] }
  public func paths(beginning text: String) -> [String] { [] }
}

/// Where text goes: results to standard output, notes and progress to standard error.
public struct Output {
  public var text: (String) -> Void
  public var note: (String) -> Void
  /// Values that statements show, where they do not go the way of other results.
  public var value: ((String) -> Void)?
  /// Whether pictures are taken from the transcript, so that they are not drawn as text.
  public var takesPictures: Bool

  public init(
    text: @escaping (String) -> Void, note: @escaping (String) -> Void,
    value: ((String) -> Void)? = nil, takesPictures: Bool = false
  ) {
    self.text = text
    self.note = note
    self.value = value
    self.takesPictures = takesPictures
  }
}
