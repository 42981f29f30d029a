/// The plain functions of the language.
enum Builtins {
  static var all: [Builtin] { [] }
}
