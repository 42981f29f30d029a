import Denoise
import Lang
import TensorEngine

/// An architecture as the language holds it; naming it shows its layers.
struct ArchitectureValue: HostObject, Bindable {
  static let typeName = "an architecture"
  let architecture: any Architecture
  /// Axes of the data it is shown for.
  var dimensions = 2

  var kind: String { "model" }
  var inline: String { architecture.text }
  var display: String {
    let side = max(architecture.multiple, 64 / architecture.multiple * architecture.multiple)
    let space = Array(repeating: side, count: dimensions)
    do {
      let layers = try LayerTable(of: architecture, channels: 1, space: space)
      return architecture.text + "\n" + layers.text
    } catch {
      return architecture.text
    }
  }
}

/// The layers of an architecture as a table.
struct LayerTable {
  let layers: [NetworkBuilder.Layer]

  init(of architecture: any Architecture, channels: Int, space: [Int]) throws {
    let trace = Trace(training: true)
    let builder = NetworkBuilder(trace)
    let image = trace.graph.input("image", shape: [1, channels] + space)
    _ = try architecture.build(NetworkInput(image: image), channels: channels, with: builder)
    layers = builder.layers
  }

  var text: String {
    var table = Table(["layer", "kind", "output", "parameters"])
    for layer in layers {
      table.append([
        "layer": .string(layer.name), "kind": .string(layer.kind),
        "output": .string(layer.shape.asShape), "parameters": .int(layer.parameters),
      ])
    }
    let total = layers.map(\.parameters).reduce(0, +)
    return Show.full(.table(table)) + "\n\(total) parameters"
  }
}
