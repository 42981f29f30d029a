/// A command or a value-making call: name, help, arguments and what it does, declared once.
///
/// ```swift
/// struct PSNR: Command {
///   static let name = "psnr"
///   static let summary = "peak signal-to-noise ratio, in dB"
///   static let examples = [Example("psnr clean truth")]
///   @Argument("image to judge") var image: Image
///   @Argument("the truth") var truth: Image
///   @Option("largest possible value", in: 0...) var peak: Double = 255
///   func run(in context: Context) throws -> Value { … }
/// }
/// ```
/// From it come parsing, checks, help, completion and the page of the manual.
public protocol Command: SendableMetatype {
  static var name: String { get }
  /// One line, lower case, without a full stop.
  static var summary: String { get }
  /// More to say in help and manual; Markdown.
  static var details: String { get }
  static var examples: [Example] { get }
  /// What kind of thing it is: see `CommandRole`.
  static var role: CommandRole { get }
  /// Heading under which help and manual list it: `Data`, `Training`, `Masks` …
  static var group: String { get }
  init()
  /// Does it, with every argument bound and checked.
  func run(in context: Context) throws -> Value
}

extension Command {
  public static var details: String { "" }
  public static var examples: [Example] { [] }
  public static var role: CommandRole { .action }
  public static var group: String { role == .value ? "Values" : "Commands" }
}

/// How a bare name stands inside an expression.
public enum CommandRole: Sendable {
  /// Does something: the bare name is the function (`map(psnr, …)`).
  case action
  /// Makes a value: the bare name is the value with all defaults (`loss=mse`, `model=unet`).
  case value
}

/// A line that shows how a command is used; tests run it.
public struct Example: Sendable {
  public let line: String
  public let note: String

  public init(_ line: String, _ note: String = "") {
    self.line = line
    self.note = note
  }
}
