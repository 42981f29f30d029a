import TensorEngine

/// Landmarks over time: a list of frames, each a list of points with `x` and `y` (and `z`), as
/// face and pose trackers write them. A single frame counts as a track of length 1.
///
/// As an image: a channel for each coordinate of each point, frames along `X`, so axes `CX`; the
/// channels are named `0.x`, `0.y`, `1.x` …
struct LandmarkTrack {
  private let names: [String]
  /// Frame by frame, each in the order of the names.
  private let frames: [[Float]]

  /// Nil where the value is anything else.
  init?(_ json: JSON) {
    guard let list = json.array, let first = list.first else { return nil }
    let raw = first.array == nil ? [list] : list.compactMap(\.array)
    guard raw.count == (first.array == nil ? 1 : list.count), let points = raw.first,
      let keys = points.first.flatMap(LandmarkTrack.coordinates)
    else { return nil }
    names = points.indices.flatMap { index in
      keys.map { "\(index).\($0.hasPrefix("_") ? String($0.dropFirst()) : $0)" }
    }
    var frames: [[Float]] = []
    for frame in raw {
      let values = frame.flatMap { point in
        keys.compactMap { key in point[key]?.number.map { Float($0) } }
      }
      guard values.count == names.count else { return nil }
      frames.append(values)
    }
    self.frames = frames
  }

  func reader(_ source: ByteSource, _ options: LoadOptions) throws -> any ImageReader {
    let shape = [names.count, frames.count]
    let order = AxisOrder(fileAxes: try options.axes(for: shape, or: "CX"), fileShape: shape)
    var info = ImageInfo(format: "json", source: source, order: order, stored: .float64)
    if order.axes.hasPrefix("C") { info.channels = names }
    let elements = names.indices.flatMap { channel in frames.map { $0[channel] } }
    return MemoryReader(
      info: info, notes: [], elements: order.toImage(elements, shape: shape))
  }

  /// The frames of an image that came from a track, each as JSON; nil where it did not.
  static func frames(of image: Image) -> [String]? {
    guard image.axes == "CX", let names = image.channels, names.count == image.shape[0] else {
      return nil
    }
    let places = names.map { $0.split(separator: ".").map(String.init) }
    guard places.allSatisfy({ $0.count == 2 && Int($0[0]) != nil && "xyz".contains($0[1]) }) else {
      return nil
    }
    let length = image.shape[1]
    return (0..<length).map { frame in
      var points: [String] = []
      var members: [String] = []
      for (channel, place) in places.enumerated() {
        let value = image.tensor.values[channel * length + frame]
        members.append("\(JSON.quoted(place[1])): \(JSONFormat.text(value))")
        guard channel + 1 == places.count || places[channel + 1][0] != place[0] else { continue }
        points.append("{\(members.joined(separator: ", "))}")
        members = []
      }
      return "[\(points.joined(separator: ", "))]"
    }
  }

  /// The names of a point's coordinates; nil where the object is no point.
  private static func coordinates(_ point: JSON) -> [String]? {
    guard case .object(let members) = point else { return nil }
    for keys in [["x", "y", "z"], ["x", "y"], ["_x", "_y"]] {
      if keys.allSatisfy({ point[$0]?.number != nil }), members.count <= keys.count + 2 {
        return keys
      }
    }
    return nil
  }
}
