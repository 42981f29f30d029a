/// The statements of an included file, checked with the file that includes it.
final class IncludedStep: Step {
  let steps: [Step]
  init(_ steps: [Step]) { self.steps = steps }
  override func run(_ frame: Frame) throws -> Flow { try steps.run(frame) }
}

/// `include` of a name that is only known when it runs.
final class IncludeStep: Step {
  let path: Code
  let place: Place
  init(_ path: Code, _ place: Place) {
    self.path = path
    self.place = place
  }
  override func run(_ frame: Frame) throws -> Flow {
    let value = try path.evaluate(frame)
    guard let path = value.asString else {
      throw Failure("`include` takes the name of a file, not \(Show.brief(value))", at: place)
    }
    let runtime = frame.runtime
    let steps = try runtime.include(path, at: place)
    runtime.openFiles.append(Includes.resolve(path, from: place.source))
    defer { runtime.openFiles.removeLast() }
    return try steps.run(frame)
  }
}
