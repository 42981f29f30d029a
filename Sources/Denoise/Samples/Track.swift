import TensorEngine

extension Sample {
  /// 68 landmarks of a face over time: x and y of each are channels of one long signal.
  static let track = Sample(
    name: "track",
    summary: "a landmark track of a face: 136 channels (x and y of 68 points) over time, in pixels",
    axes: "CX", defaultSize: [136, 2048], minimumSize: [2, 16]
  ) { size, seed in
    guard size[0] % 2 == 0, size[0] <= 136 else {
      throw DenoiseError(
        "sample \"track\" has an even number of channels up to 136, not \(size[0])")
    }
    let motion = FaceMotion(frames: size[1], seed: seed)
    let points = Face.landmarks.prefix(size[0] / 2)
    let values = points.indices.flatMap { index -> [Float] in
      let track = motion.track(of: points[index])
      return track.map(\.x) + track.map(\.y)
    }
    let names = points.indices.flatMap { ["x\($0)", "y\($0)"] }
    return [try Image(Tensor(values, shape: size), axes: "CX", channels: names)]
  }
}

/// A face at rest, in face widths about its middle; y points down, z towards the camera.
private enum Face {
  enum Part {
    case jaw, brow, nose
    case eye(lid: Float)
    case mouth(open: Float)
  }

  struct Landmark {
    let x: Float
    let y: Float
    let z: Float
    let part: Part
  }

  /// In the order of the 68-point annotation: jaw, brows, nose, eyes, outer and inner lips.
  static let landmarks: [Landmark] = jaw + brows + nose + eyes + mouth

  private static let jaw = (0..<17).map { index -> Landmark in
    let angle = Float.pi * (Float(index) / 16 * 1.1 - 0.05)
    let (s, c) = (Elementary.sin(angle), Elementary.cos(angle))
    return Landmark(x: -0.5 * c, y: -0.05 + 0.6 * s, z: -0.3 + 0.3 * s, part: .jaw)
  }

  private static let brows = [-1, 1].flatMap { (side: Float) in
    (0..<5).map { index -> Landmark in
      let along = side < 0 ? Float(index) / 4 : 1 - Float(index) / 4
      let arch = 0.05 * Elementary.sin(.pi * (0.2 + 0.7 * along))
      return Landmark(
        x: side * (0.42 - 0.34 * along), y: -0.25 - arch, z: 0.02 + 0.08 * along, part: .brow)
    }
  }

  private static let nose = bridge + nostrils

  private static let bridge = (0..<4).map { index -> Landmark in
    let down = Float(index)
    return Landmark(x: 0, y: -0.13 + 0.08 * down, z: 0.1 + 0.05 * down, part: .nose)
  }

  private static let nostrils = (-2...2).map { index -> Landmark in
    let side = Float(index)
    return Landmark(x: 0.05 * side, y: 0.17 + 0.012 * (2 - abs(side)), z: 0.13, part: .nose)
  }

  private static let eyes = [-1, 1].flatMap { (side: Float) in
    (0..<6).map { index -> Landmark in
      let angle = Float.pi * (1 - Float(index) / 3)
      let lid = -Elementary.sin(angle)
      return Landmark(
        x: 0.22 * side + 0.085 * Elementary.cos(angle), y: -0.13, z: 0.03, part: .eye(lid: lid))
    }
  }

  private static let mouth =
    ring(count: 12, width: 0.19, height: 0.055)
    + ring(count: 8, width: 0.14, height: 0.016)

  private static func ring(count: Int, width: Float, height: Float) -> [Landmark] {
    (0..<count).map { index in
      let angle = Float.pi - 2 * .pi * Float(index) / Float(count)
      let vertical = -Elementary.sin(angle)
      return Landmark(
        x: width * Elementary.cos(angle), y: 0.33 + height * vertical,
        z: 0.1, part: .mouth(open: vertical))
    }
  }
}

/// Head turns, talk and blinks over time.
private struct FaceMotion {
  private var stream: RandomStream
  /// Slow random signals of about unit size.
  private var slow: [[Float]] = []
  private var lids: [Float]
  private var speech: [Float]

  init(frames: Int, seed: UInt64) {
    stream = RandomStream(seed: seed, purpose: .sample)
    for scale in [90.0, 110, 150, 200, 200, 60] {
      slow.append(SmoothField.make(shape: [frames], scale: scale, stream: &stream))
    }
    lids = Array(repeating: 1, count: frames)
    let talk = SmoothField.make(shape: [frames], scale: 7, stream: &stream)
    let talks = SmoothField.make(shape: [frames], scale: 120, stream: &stream)
    speech = zip(talk, talks).map { max(0, 0.5 + $0) * softEdge($1, width: 1) }
    addBlinks()
  }

  /// Lids close in three frames, stay shut for one or two and open in five, every few seconds.
  private mutating func addBlinks() {
    var frame = 10 + stream.int(below: 60)
    while frame < lids.count {
      let shut = 1 + stream.int(below: 2)
      let course: [Float] =
        [0.7, 0.3, 0.08] + Array(repeating: 0.04, count: shut) + [0.2, 0.45, 0.7, 0.88, 0.96]
      for (step, openness) in course.enumerated() where frame + step < lids.count {
        lids[frame + step] = openness
      }
      frame += 40 + stream.int(below: 110)
    }
  }

  func track(of landmark: Face.Landmark) -> [(x: Float, y: Float)] {
    lids.indices.map { frame in
      var (x, y) = (landmark.x, landmark.y)
      switch landmark.part {
      case .eye(let lid): y += 0.038 * lid * lids[frame] * (lid < 0 ? 1 : 0.6)
      case .mouth(let open):
        y += 0.05 * speech[frame] * (open > 0 ? open : 0.25 * open)
        x *= 1 - 0.06 * speech[frame]
      case .jaw: y += 0.035 * speech[frame] * max(0, landmark.y)
      case .brow: y -= 0.025 * max(0, slow[5][frame])
      case .nose: break
      }
      return projected(x, y, landmark.z, frame: frame)
    }
  }

  /// Turned by yaw, pitch and roll, and placed in a picture of about 512 x 512 pixels.
  private func projected(_ x: Float, _ y: Float, _ z: Float, frame: Int) -> (x: Float, y: Float) {
    let (yaw, pitch, roll) = (
      0.28 * slow[0][frame], 0.12 * slow[1][frame], 0.07 * slow[2][frame]
    )
    let turnedX = x * Elementary.cos(yaw) + z * Elementary.sin(yaw)
    let depth = z * Elementary.cos(yaw) - x * Elementary.sin(yaw)
    let turnedY = y * Elementary.cos(pitch) - depth * Elementary.sin(pitch)
    let (s, c) = (Elementary.sin(roll), Elementary.cos(roll))
    let scale: Float = 200
    return (
      x: 256 + 22 * slow[3][frame] + scale * (c * turnedX - s * turnedY),
      y: 256 + 14 * slow[4][frame] + scale * (s * turnedX + c * turnedY)
    )
  }
}
