import TensorEngine

/// An error on its way out of running code, with its place in the source.
struct Failure: Explained {
  var diagnostic: Diagnostic

  var message: String { diagnostic.message }
  var hint: String? { diagnostic.hint }

  /// Most call sites that are told; a runaway recursion has thousands.
  private static let mostCalls = 4

  init(_ message: String, at place: Place, hint: String? = nil) {
    diagnostic = Diagnostic(message, at: place, hint: hint)
  }

  /// An error of a library, with a place added. What has a place already, and what is no error
  /// (an interrupt, `quit`), passes through.
  static func located(_ error: any Error, at place: Place) -> any Error {
    switch error {
    case is Failure, is Interrupted, is Quit: error
    case let explained as any Explained:
      Failure(explained.message, at: place, hint: explained.hint)
    default: Failure("\(error)", at: place)
    }
  }

  /// The error with a note that tells where the failing function was called.
  static func called(_ error: any Error, from place: Place) -> any Error {
    guard var failure = error as? Failure else { return located(error, at: place) }
    let count = failure.diagnostic.notes.count
    if count < mostCalls {
      failure.diagnostic.notes.append(Diagnostic.Note(message: "called from here", place: place))
    } else if count == mostCalls {
      failure.diagnostic.notes.append(
        Diagnostic.Note(message: "further calls are left out", place: nil))
    }
    return failure
  }

  /// What `catch e` gives: `.message`, `.hint`, `.line`.
  var record: Record {
    [
      "message": .string(diagnostic.message), "hint": .text(diagnostic.hint),
      "line": diagnostic.place.map { .int($0.line) } ?? .none,
    ]
  }
}
