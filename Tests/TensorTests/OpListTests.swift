import Foundation
import TensorEngine
import Testing

@Suite struct OpListTests {
  /// An op that is declared and not listed escapes every check made of all ops.
  @Test func listHoldsEveryOpInTheSources() throws {
    let sources = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Sources/Tensor").standardizedFileURL
    let files = try #require(
      FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
    var declared: Set<String> = []
    for case let file as URL in files where file.pathExtension == "swift" {
      let text = try String(contentsOf: file, encoding: .utf8)
      for match in text.matches(of: /struct (\w+):[^{]*\b(?:GenericOp|UnaryOp|BinaryOp|Op)\b/) {
        declared.insert(String(match.output.1))
      }
    }
    #expect(declared.contains("Convolution"))
    #expect(declared == Set(Ops.all.map { String(describing: $0) }))
  }

  @Test func namesAreDistinct() {
    #expect(Set(Ops.all.map { $0.name }).count == Ops.all.count)
  }

  @Test func samplesCallEveryOp() throws {
    var called: Set<ObjectIdentifier> = []
    for sample in OpSamples.all {
      let traced = try sample.trace()
      for op in traced.graph.operations(for: traced.outputs) {
        called.insert(ObjectIdentifier(type(of: op)))
      }
    }
    // What is made only when a whole step is compiled.
    let step = try GradientFusionTests.Step()
    let fused = try GradientFusion(step.graph, outputs: step.wanted)
    for op in fused.graph.operations(for: try step.wanted.map(fused.callAsFunction)) {
      called.insert(ObjectIdentifier(type(of: op)))
    }
    for op in Ops.all {
      #expect(called.contains(ObjectIdentifier(op)), "no sample calls \(op)")
    }
  }
}
