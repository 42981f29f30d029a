import Denoise
import TensorEngine
import Testing

@Suite struct NormalizationTests {
  /// Two channels of different scale, two samples.
  static let batch = Tensor(shape: [2, 2, 5]) { index in
    Float(index % 5) * (index / 5 % 2 == 0 ? 1 : 100) + Float(index / 10)
  }

  @Test(arguments: [
    Normalization.meanstd, .minmax, .percentile(low: 10, high: 90), .none,
  ])
  func eachIsUndone(method: Normalization) throws {
    let scale = try method.fitted(to: [NormalizationTests.batch])
    let there = try scale.applied(to: NormalizationTests.batch)
    let back = try scale.undone(on: there)
    for (a, b) in zip(back.values, NormalizationTests.batch.values) { #expect(abs(a - b) < 1e-4) }
  }

  @Test func channelsHaveTheirOwnScale() throws {
    let standard = try Normalization.meanstd.fitted(to: [NormalizationTests.batch])
    // Channel 0 holds 0...4 and 1...5: mean 2.5, variance 2.25.
    #expect(abs(standard.offsets[0] - 2.5) < 1e-6 && abs(standard.scales[0] - 1.5) < 1e-6)
    #expect(standard.scales[1] > 100)
    let range = try Normalization.minmax.fitted(to: [NormalizationTests.batch])
    #expect(range.offsets == [0, 0] && range.scales == [5, 401])
    let middle = try Normalization.percentile(low: 0, high: 50).fitted(
      to: [NormalizationTests.batch])
    #expect(abs(middle.scales[0] - 2.5) < 1e-6)
  }

  @Test func constantAndBrokenValuesDoNoHarm() throws {
    let flat = try Normalization.meanstd.fitted(to: [Tensor(repeating: 7, shape: [1, 1, 4])])
    #expect(flat.scales == [1] && flat.offsets == [7])
    let broken = try Normalization.meanstd.fitted(
      to: [Tensor([1, .nan, 3, .infinity], shape: [1, 1, 4])])
    #expect(broken.offsets == [2] && broken.scales == [1])
  }

  @Test func otherChannelsAndPercentilesAreRefused() throws {
    let scale = try Normalization.minmax.fitted(to: [NormalizationTests.batch])
    #expect(throws: DenoiseError.self) {
      try scale.applied(to: Tensor(repeating: 0, shape: [1, 3, 4]))
    }
    #expect(throws: DenoiseError.self) { try Normalization.minmax.fitted(to: []) }
    #expect(throws: DenoiseError.self) {
      try Normalization.percentile(low: 50, high: 50).fitted(to: [NormalizationTests.batch])
    }
  }

  @Test func voxelNormalisationResamplesOnlyWhatIsOutside() throws {
    let values = Tensor(shape: [20, 20, 20]) { Elementary.sin(0.2 * Float($0 % 20)) }
    let map = try Image(values, axes: "ZYX", voxel: [1.5, 1.5, 3], unit: "A")
    let normalization = try VoxelNormalization(size: 1.5, allowed: 1.4...1.6)
    let resampled = try normalization.applied(to: map)
    #expect(resampled.shape == [20, 20, 40] && resampled.voxel == [1.5, 1.5, 1.5])
    let back = try normalization.undone(on: resampled, like: map)
    #expect(back.shape == map.shape && back.voxel == map.voxel)
    for index in 0..<20 { #expect(abs(back.tensor.values[index] - values.values[index]) < 0.02) }
    #expect(throws: DenoiseError.self) { try VoxelNormalization(size: 2, allowed: 1...1.5) }
    #expect(throws: DenoiseError.self) { try normalization.applied(to: Image(values)) }
  }
}
