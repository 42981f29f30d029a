import TensorEngine

/// Random numbers: every call draws from a stream of its own that follows from the session's seed.
extension Builtins {
  static var random: [Builtin] {
    [
      drawing("rand", "random numbers, even between 0 and 1") { $0.uniform() },
      drawing("randn", "random numbers, normal with mean 0 and deviation 1") { $0.normal() },
    ]
  }

  private static func drawing(
    _ name: String, _ summary: String, _ draw: @escaping (inout RandomStream) -> Float
  ) -> Builtin {
    Builtin(
      name, "size …", arity: 0...6, options: [BuiltinOption("seed")], group: "Images",
      "\(summary): one number, or an image of the sizes",
      examples: [Example("\(name)(2, 3, seed=1)")]
    ) { call in
      var stream = RandomStream(seed: try seed(call), purpose: .language)
      guard call.count > 0 else { return .number(Double(draw(&stream))) }
      let shape = try ImageShape.of(call.arguments, call)
      return .image(try Image(Tensor(shape: shape) { _ in draw(&stream) }))
    }
  }

  private static func seed(_ call: BuiltinCall) throws -> UInt64 {
    guard let given = call.named["seed"] else { return call.runtime.nextSeed() }
    guard let seed = given.asInt, seed >= 0 else {
      throw LangError("`seed` takes a whole number from 0, not \(Show.brief(given))")
    }
    return UInt64(seed)
  }
}
