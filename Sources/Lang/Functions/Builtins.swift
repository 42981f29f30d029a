/// The plain functions of the language.
enum Builtins {
  static var all: [Builtin] {
    elementary + reductions + sequences + lists + texts + images + random + files + values
  }
}
