import Foundation
import TensorEngine
import Testing

/// Arrays that PyTorch computed, by name: one file of `Reference`, as
/// Tests/Tools/reference_vectors.py writes them (an uncompressed archive of .npy files).
struct ReferenceCase {
  let name: String
  private let arrays: [String: Tensor]

  struct Malformed: Error { let why: String }

  init(_ name: String) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Reference/\(name).npz")
    var reader = Reader(bytes: Array(try Data(contentsOf: file)))
    var arrays: [String: Tensor] = [:]
    while let (name, array) = try reader.next() { arrays[name] = array }
    self.name = name
    self.arrays = arrays
  }

  /// Where an array is not there the test fails.
  subscript(name: String) -> Tensor {
    get throws { try #require(arrays[name], "no \(name) in \(self.name)") }
  }

  func holds(_ name: String) -> Bool { arrays[name] != nil }

  /// Walks the archive: each entry is a local header, its name, and a .npy file that says itself
  /// how long it is.
  private struct Reader {
    let bytes: [UInt8]
    var position = 0

    mutating func next() throws -> (String, Tensor)? {
      guard bytes[position..<position + 4].elementsEqual([0x50, 0x4B, 3, 4]) else { return nil }
      let nameLength = short(at: position + 26)
      let extraLength = short(at: position + 28)
      let name = String(decoding: bytes[position + 30..<position + 30 + nameLength], as: UTF8.self)
      position += 30 + nameLength + extraLength
      return (name.replacing(".npy", with: ""), try array())
    }

    private mutating func array() throws -> Tensor {
      let headerLength = short(at: position + 8)
      let start = position + 10 + headerLength
      let header = String(decoding: bytes[position + 10..<start], as: UTF8.self)
      guard header.contains("'<f4'"), header.contains("'fortran_order': False"),
        let sizes = header.firstMatch(of: /\(([0-9, ]*)\)/)
      else { throw Malformed(why: header) }
      let shape = sizes.output.1.split(separator: ",")
        .compactMap { Int($0.trimmingCharacters(in: .whitespaces)) }
      let values = (0..<shape.product).map { index in
        let at = start + 4 * index
        return Float(
          bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[at + $1]) << (8 * UInt32($1)) })
      }
      position = start + 4 * shape.product
      return try Tensor(values, shape: shape)
    }

    private func short(at index: Int) -> Int { Int(bytes[index]) | Int(bytes[index + 1]) << 8 }
  }
}

extension ReferenceCase {
  /// Traces `build` of the inputs named, and compares its result and the gradients of the inputs
  /// with the file's, computed by a plan in single precision.
  ///
  /// - Parameters:
  ///   - fixed: inputs that have no gradient, handed over after the others.
  ///   - tolerance: relative to the largest number of an array, or to 1.
  func check(
    _ inputs: [String], fixed: [String] = [], tolerance: Float = 1e-5,
    _ build: ([Node]) throws -> Node
  ) throws {
    let graph = Graph()
    let tensors = try (inputs + fixed).map { try self[$0] }
    let nodes = zip(inputs + fixed, tensors).map { graph.input($0, shape: $1.shape) }
    let result = try build(nodes)
    let dy = graph.input("dy", shape: result.shape)
    let gradients = try graph.gradients(
      of: (result * dy).sum(), with: Array(nodes.prefix(inputs.count)))
    let plan = try Plan(graph, outputs: [result] + gradients, inputs: nodes + [dy])
    let found = try plan.run(tensors + [self["dy"]])
    for (name, tensor) in zip(["y"] + inputs.map { "d\($0)" }, found) {
      expectClose(tensor, try self[name], tolerance: tolerance, "\(self.name): \(name)")
    }
  }
}

/// Same shape, and no element further off than `tolerance` times the largest, or 1.
func expectClose(_ found: Tensor, _ expected: Tensor, tolerance: Float, _ what: String) {
  #expect(found.shape == expected.shape, "\(what)")
  guard found.shape == expected.shape else { return }
  let largest = expected.values.reduce(1) { max($0, abs($1)) }
  for (index, (x, y)) in zip(found.values, expected.values).enumerated() {
    #expect(abs(x - y) <= tolerance * largest, "\(what) at \(index): \(x) in place of \(y)")
  }
}
