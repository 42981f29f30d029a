import CPseudoTerminal
import Foundation
import Testing

/// The program under test, run as a user's shell would run it.
struct Dn {
  struct Result {
    let status: Int32
    let output: String
    let error: String
  }

  /// Seconds after which a program counts as hung; generous, since machines differ.
  static let patience: Int32 = 60

  /// `$DN_PROGRAM`, or else the program beside the tests.
  static var path: String {
    if let named = ProcessInfo.processInfo.environment["DN_PROGRAM"] { return named }
    let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("dn").path
  }

  /// Runs it with the given words, text on standard input and further environment variables.
  static func run(
    _ words: [String], input: some Sequence<UInt8> = [], in folder: Scratch? = nil,
    environment: [String: String] = [:]
  ) throws -> Result {
    try run(path, words, input: input, in: folder, environment: environment)
  }

  /// Runs a line of shell in which `$DN` is the program.
  static func shell(_ line: String, in folder: Scratch? = nil) throws -> Result {
    try run(
      "/bin/sh", ["-c", line], input: [UInt8](), in: folder, environment: ["DN": path])
  }

  private static func run(
    _ program: String, _ words: [String], input: some Sequence<UInt8>, in folder: Scratch?,
    environment: [String: String]
  ) throws -> Result {
    let streams = try Scratch()
    try streams.write(input, to: "in")
    let folder = folder ?? streams
    let status = withStart(program, words, environment, folder.path) { start in
      dn_run(&start, streams.file("in"), streams.file("out"), streams.file("err"), patience)
    }
    return Result(
      status: status, output: try streams.read("out"), error: try streams.read("err"))
  }

  /// The C description of a program to start; lives as long as the body runs.
  static func withStart<T>(
    _ program: String, _ words: [String], _ environment: [String: String], _ folder: String,
    _ body: (inout dn_start) -> T
  ) -> T {
    var arguments = ([program] + words).map { strdup($0) } + [nil]
    var variables = plain.merging(environment) { $1 }.map { strdup("\($0)=\($1)") } + [nil]
    let path = strdup(program)
    let place = strdup(folder)
    defer { for text in arguments + variables + [path, place] { free(text) } }
    return arguments.withUnsafeMutableBufferPointer { arguments in
      variables.withUnsafeMutableBufferPointer { variables in
        var start = dn_start(
          path: path, arguments: arguments.baseAddress, environment: variables.baseAddress,
          folder: place)
        return body(&start)
      }
    }
  }

  /// An environment that does not depend on who runs the tests.
  private static let plain = [
    "PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "LANG": "C.UTF-8", "TERM": "xterm",
    "INPUTRC": "/dev/null", "DN_HISTORY": "",
  ]
}
