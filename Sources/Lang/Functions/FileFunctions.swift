/// Names of files; the host looks them up.
extension Builtins {
  static var files: [Builtin] {
    [
      Builtin("exists", "path", group: "Files", "whether there is a file or folder of the name") {
        call in
        .bool(call.runtime.host.exists(try call.string(0)))
      },
      Builtin(
        "glob", "pattern", group: "Files", "names of files that fit a pattern with * ? […], sorted"
      ) { call in .list(try call.runtime.host.glob(call.string(0)).map(Value.string)) },
      Builtin(
        "basename", "path end", arity: 1...2, group: "Files",
        "the last part of a path, without a given end",
        examples: [Example("basename(\"data/a.png\", \".png\")")]
      ) { call in
        let path = try call.string(0)
        let name = path.split(separator: "/").last.map(String.init) ?? path
        guard call.count == 2, case let end = try call.string(1), name.hasSuffix(end) else {
          return .string(name)
        }
        return .string(String(name.dropLast(end.count)))
      },
    ]
  }
}
