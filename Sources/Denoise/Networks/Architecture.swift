import TensorEngine

/// A network as a value: how it is built, not its parameters. Data is [samples, channels,
/// space…] with one, two or three space axes; the same value serves all three.
public protocol Architecture: Sendable {
  /// What the user calls it.
  static var name: String { get }
  /// The options that make it, as they would be typed.
  var options: [NamedOption] { get }
  /// What space sizes must be a multiple of.
  var multiple: Int { get }
  /// How far a result depends on its input, in elements to each side of it along an axis.
  var reach: Int { get }
  /// The channels of the mask the network reads beside the image: none, or one for all channels.
  var readsMask: Bool { get }
  /// As typed: `unet(depth=2, channels=32, …)`. What it says makes the same network again.
  var text: String { get }

  /// Writes the network down.
  ///
  /// - Parameters:
  ///   - input: what the network sees.
  ///   - channels: channels of the result.
  /// - Returns: a node of the input's space, or of the box that is wanted, with `channels` channels.
  /// - Throws: `TensorError` or `DenoiseError` where options and shapes do not fit.
  func build(_ input: NetworkInput, channels: Int, with builder: NetworkBuilder) throws -> Node
}

extension Architecture {
  public var readsMask: Bool { false }

  public var text: String {
    Self.name + "(" + options.map { "\($0.name)=\($0.value)" }.joined(separator: ", ") + ")"
  }
}

/// An option and its value as typed.
public struct NamedOption: Sendable, Equatable {
  public let name: String
  public let value: String

  public init(_ name: String, _ value: some CustomStringConvertible) {
    self.name = name
    self.value = value.description
  }
}

/// What a network sees.
public struct NetworkInput {
  /// [samples, channels, space…], hidden pixels already replaced.
  public let image: Node
  /// 1 where a pixel is visible, 0 where it is hidden, of the image's shape; nil where nothing is
  /// hidden.
  public let visible: Node?
  /// The only part of the space whose result is asked for; all of it where nil. The result may be of
  /// this size, or still that of the whole.
  public let wanted: Box?

  public init(image: Node, visible: Node? = nil, wanted: Box? = nil) {
    self.image = image
    self.visible = visible
    self.wanted = wanted
  }
}
