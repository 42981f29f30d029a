import TensorEngine

/// A network of the user's own: layers one after another.
public struct Chain: Architecture {
  public static let name = "chain"

  /// A link of a chain.
  public enum Link: Sendable, Equatable {
    case conv(filters: Int, kernel: Int)
    case batchNorm
    case activation(Activation)
    case dropout(Double)
    case pool(Pooling)
    case up(Upsampling)

    public var text: String {
      switch self {
      case .conv(let filters, let kernel): "conv(\(filters), \(kernel))"
      case .batchNorm: "batch_norm"
      case .activation(let activation): activation.text
      case .dropout(let probability): "dropout(\(probability))"
      case .pool(let pooling): "pool(\(pooling.rawValue))"
      case .up(let upsampling): "up(\(upsampling.rawValue))"
      }
    }
  }

  public var links: [Link]

  public init(_ links: [Link]) { self.links = links }

  public var options: [NamedOption] { [] }
  public var text: String { "chain(" + links.map(\.text).joined(separator: ", ") + ")" }

  public var multiple: Int {
    1 << links.reduce(0) { count, link in if case .pool = link { count + 1 } else { count } }
  }

  public var reach: Int {
    var reach = 0
    var level = 0
    for link in links {
      switch link {
      case .conv(_, let kernel): reach += (kernel / 2) << level
      case .pool(let pooling):
        reach += pooling.reach << level
        level += 1
      case .up(let upsampling):
        level = max(0, level - 1)
        reach += upsampling.reach << level
      case .batchNorm, .activation, .dropout: break
      }
    }
    return reach
  }

  /// A last 1^d convolution is added where the chain does not end in the channels asked for.
  public func build(
    _ input: NetworkInput, channels result: Int, with builder: NetworkBuilder
  ) throws -> Node {
    var x = input.image
    for (index, link) in links.enumerated() {
      let name = "\(index)"
      switch link {
      case .conv(let filters, let kernel):
        let slope = index + 1 < links.count ? slopeBehind(index) : 1
        x = try builder.conv(x, name, filters: filters, kernel: kernel, slope: slope)
      case .batchNorm: x = try builder.batchNorm(x, name)
      case .activation(let activation): x = try builder.activation(x, activation)
      case .dropout(let probability):
        x = try builder.dropout(x, name, probability: probability, always: false)
      case .pool(let pooling): x = try builder.pool(x, name, pooling)
      case .up(let upsampling):
        x = try builder.upsample(x, name, upsampling, filters: x.shape[1])
      }
    }
    if x.shape[1] != result {
      x = try builder.conv(x, "last", filters: result, kernel: 1, slope: 1)
    }
    guard x.shape.dropFirst(2).elementsEqual(input.image.shape.dropFirst(2)) else {
      throw DenoiseError(
        "the chain turns \(Array(input.image.shape.dropFirst(2)).asShape) into "
          + "\(Array(x.shape.dropFirst(2)).asShape)",
        hint: "as many `up` as `pool`")
    }
    return x
  }

  private func slopeBehind(_ index: Int) -> Double {
    for link in links[(index + 1)...] {
      switch link {
      case .activation(let activation): return activation.slope
      case .batchNorm, .dropout: continue
      case .conv, .pool, .up: return 1
      }
    }
    return 1
  }
}
