import TensorEngine

/// What may be done to a patch before the net sees it: turned in exact ways, and its intensity
/// changed. Augmentations add up: `flips + rot90`.
public struct Augmentation: Sendable, Hashable, CustomStringConvertible {
  /// A family of orientations.
  public enum Turn: String, Sendable, CaseIterable {
    /// Mirrors along each axis.
    case flips
    /// Quarter turns in the plane of the last two axes.
    case rot90
    /// The transposition of the last two axes.
    case diagonal
    /// All of them: 2 in 1-D, 8 in 2-D, 48 in 3-D.
    case dihedral
  }

  public var turns: Set<Turn>
  public var intensity: Intensity?

  public init(turns: Set<Turn> = [], intensity: Intensity? = nil) {
    self.turns = turns
    self.intensity = intensity
  }

  public static let none = Augmentation()
  public static let flips = Augmentation(turns: [.flips])
  public static let rot90 = Augmentation(turns: [.rot90])
  public static let diagonal = Augmentation(turns: [.diagonal])
  public static let dihedral = Augmentation(turns: [.dihedral])

  public static func + (a: Augmentation, b: Augmentation) -> Augmentation {
    Augmentation(turns: a.turns.union(b.turns), intensity: b.intensity ?? a.intensity)
  }

  public var description: String {
    let parts =
      Turn.allCases.filter(turns.contains).map(\.rawValue)
      + (intensity.map { [$0.description] } ?? [])
    return parts.isEmpty ? "none" : parts.joined(separator: " + ")
  }

  /// Every orientation that the turns make, applied one after another; the identity first, the
  /// rest in a fixed order.
  ///
  /// - Parameters:
  ///   - spatial: The patch's sides. Where they differ, orientations that would exchange unequal
  ///     axes are left out, for a batch has one shape.
  ///   - mask: Orientations that would turn the structure of this mask are left out too.
  public func orientations(of spatial: [Int], keeping mask: (any Mask)? = nil) -> [Orientation] {
    let rank = spatial.count
    let generators = turns.flatMap { $0.generators(rank: rank) }
    var reached: Set<Orientation> = [.identity(rank: rank)]
    var frontier = Array(reached)
    while let next = frontier.popLast() {
      for generator in generators {
        let turned = generator.after(next)
        if reached.insert(turned).inserted { frontier.append(turned) }
      }
    }
    return Orientation.all(rank: rank).filter { orientation in
      reached.contains(orientation) && orientation.shape(of: spatial) == spatial
        && mask?.isKept(by: orientation) ?? true
    }
  }

  /// Draws what is done to one sample; the same draw serves its input and its target.
  public func draw(
    among orientations: [Orientation], stream: inout RandomStream
  ) -> AugmentationDraw {
    let orientation =
      orientations.isEmpty ? nil : orientations[stream.int(below: orientations.count)]
    return AugmentationDraw(
      orientation: orientation, gain: intensity?.drawGain(&stream) ?? 1,
      offset: intensity?.drawOffset(&stream) ?? 0)
  }
}

extension Augmentation.Turn {
  func generators(rank: Int) -> [Orientation] {
    let identity = Orientation.identity(rank: rank)
    switch self {
    case .flips:
      return (0..<rank).map { axis in
        var flips = identity.flips
        flips[axis] = true
        return Orientation(trusted: identity.permutation, flips: flips)
      }
    case .rot90, .diagonal:
      guard rank >= 2 else { return [] }
      var order = identity.permutation
      order.swapAt(rank - 2, rank - 1)
      var flips = identity.flips
      flips[rank - 1] = self == .rot90
      return [Orientation(trusted: order, flips: flips)]
    case .dihedral: return Orientation.all(rank: rank)
    }
  }
}

/// `intensity(gain=0.1, offset=0.1)`: x becomes x (1 + g) + o, with g and o drawn evenly from
/// ±gain and ±offset for each sample; for data normalised to a standard deviation of about one.
public struct Intensity: Sendable, Hashable, CustomStringConvertible {
  public let gain: Double
  public let offset: Double

  /// - Throws: `DenoiseError` for a gain outside 0..<1 or a negative offset.
  public init(gain: Double = 0.1, offset: Double = 0.1) throws {
    guard gain >= 0, gain < 1, offset >= 0, offset.isFinite else {
      throw DenoiseError("intensity takes a gain of 0 to below 1 and an offset of 0 or more")
    }
    self.gain = gain
    self.offset = offset
  }

  public var description: String { "intensity(gain=\(gain.plain), offset=\(offset.plain))" }

  func drawGain(_ stream: inout RandomStream) -> Float {
    1 + stream.uniform(-Float(gain)...Float(gain))
  }

  func drawOffset(_ stream: inout RandomStream) -> Float {
    stream.uniform(-Float(offset)...Float(offset))
  }
}

/// One draw of an augmentation.
public struct AugmentationDraw: Sendable {
  /// Nil leaves the patch as it lies.
  public let orientation: Orientation?
  public let gain: Float
  public let offset: Float

  /// Turns the last axes of a patch and changes its intensity.
  public func applied(to patch: Tensor) throws -> Tensor {
    var result = try orientation?.applied(to: patch) ?? patch
    if gain != 1 || offset != 0 {
      result.modify { values in
        for index in values.indices { values[index] = values[index] * gain + offset }
      }
    }
    return result
  }
}
