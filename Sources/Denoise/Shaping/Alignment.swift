import TensorEngine

extension Image {
  /// How far each sample lies from a reference, or where there is none, from the mean of all.
  ///
  /// - Parameters:
  ///   - reference: of the same space and channels: one sample, or as many as here.
  ///   - most: the largest displacement looked for, in pixels.
  /// - Throws: `DenoiseError` where sizes differ, or without a reference there is one sample alone;
  ///   `Interrupted`.
  public func displacements(from reference: Image? = nil, most: Int? = nil) throws -> [Displacement]
  {
    let layout = try SampleLayout(of: self)
    let samples = try layout.samples(of: self)
    guard let reference else {
      guard samples.count > 1 else {
        throw DenoiseError(
          "a single image needs another to lie on", hint: "give it: `align image to=other`")
      }
      return try Image.displacements(amongst: samples, most: most)
    }
    let others = try SampleLayout(of: reference).samples(of: reference)
    guard others.count == 1 || others.count == samples.count else {
      throw DenoiseError("\(samples.count) images cannot lie on \(others.count)")
    }
    return try samples.enumerated().map { index, sample in
      try Displacement(of: sample, from: others[others.count == 1 ? 0 : index], most: most)
    }
  }

  /// From the mean of all, which becomes sharper as they lie better on it.
  private static func displacements(
    amongst samples: [Tensor], most: Int?
  ) throws -> [Displacement] {
    func found(fromMeanOf images: [Tensor]) throws -> [Displacement] {
      let count = Float(images.count)
      let mean = Tensor(shape: images[0].shape) { index in
        images.reduce(0) { $0 + $1.values[index] } / count
      }
      return try samples.map { try Displacement(of: $0, from: mean, most: most) }
    }
    let first = try found(fromMeanOf: samples)
    return try found(fromMeanOf: zip(samples, first).map { try $0.moved(back: $1) })
  }

  /// The samples, each moved back by its displacement. What comes in at the edges is reflected.
  ///
  /// - Throws: `DenoiseError` where there are not as many; `Interrupted`.
  public func aligned(by displacements: [Displacement]) throws -> Image {
    let layout = try SampleLayout(of: self)
    guard layout.sampleCount == displacements.count else {
      throw DenoiseError("\(layout.sampleCount) images and \(displacements.count) displacements")
    }
    let moved = try zip(layout.samples(of: self), displacements).map { sample, displacement in
      try sample.moved(back: displacement)
    }
    var result = try layout.image(from: moved, like: self)
    result.stored = .float32
    return result
  }
}

extension Tensor {
  /// Elements reflected around what is moved, so that nothing rings from edge to edge.
  private static let frame = 16

  /// The same sample, [channels, space…], moved back to where it is not displaced: exact for what is
  /// limited in band, and white noise stays white.
  fileprivate func moved(back displacement: Displacement) throws -> Tensor {
    let pixels = displacement.pixels
    if pixels.allSatisfy({ $0 == 0 }) { return self }
    let widths = zip(pixels, shape.dropFirst()).map { pixels, count in
      count > 1 ? Tensor.frame + Int(pixels.magnitude.rounded(.up)) : 0
    }
    let padding = Padding(before: widths, after: widths)
    let padded = try padding.applied(to: self)
    let space = Array(padded.shape.dropFirst())
    let grid = FrequencyGrid(shape: space)
    let phases = pixels.indices.map {
      FrequencyGrid.phases(of: grid.line($0), back: pixels[$0])
    }
    let planes = try (0..<shape[0]).map { channel in
      var spectrum = try Spectrum(of: padded.part(channel).values, shape: space)
      spectrum.turn(by: phases)
      return try Tensor(spectrum.realPart(), shape: space)
    }
    return try padding.removed(from: Tensor.stacked(planes))
  }
}
