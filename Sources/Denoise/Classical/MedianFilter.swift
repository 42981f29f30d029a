import TensorEngine

/// `median_filter(radius)`: the median of a square or cube of side 2 radius + 1 around each pixel;
/// beyond the border the image is mirrored.
public struct MedianFilter: Denoiser {
  public static let name = "median_filter"
  public static let summary = "the median of a window around each pixel"
  public static let parameters = [radius]
  static let radius = DenoiserParameter(
    "radius", "reach of the window, in pixels", standard: 1, in: 1...50, whole: true)

  public let settings: DenoiserSettings
  public init(settings: DenoiserSettings) { self.settings = settings }

  public func denoised(_ image: Image) throws -> Image {
    let radius = settings.whole(MedianFilter.radius)
    return try eachPlane(of: image) { values, shape in
      let frame = FramedArray(values, shape: shape, margin: radius, border: .symmetric)
      let window = frame.offsets(radius: radius)
      return ParallelArray.make(count: values.count) { range in
        var neighbours = [Float](repeating: 0, count: window.count)
        return range.map { index in
          let center = frame.index(of: index)
          for (slot, offset) in window.enumerated() {
            neighbours[slot] = frame.values[center + offset]
          }
          return MedianFilter.middle(of: &neighbours)
        }
      }
    }
  }

  /// The middle of an odd number of elements, by Hoare's selection; they are reordered.
  static func middle(of values: inout [Float]) -> Float {
    let wanted = values.count / 2
    var low = 0
    var high = values.count - 1
    while low < high {
      let pivot = values[(low + high) / 2]
      var left = low
      var right = high
      while left <= right {
        while values[left] < pivot { left += 1 }
        while values[right] > pivot { right -= 1 }
        if left <= right {
          values.swapAt(left, right)
          left += 1
          right -= 1
        }
      }
      if wanted <= right {
        high = right
      } else if wanted >= left {
        low = left
      } else {
        break
      }
    }
    return values[wanted]
  }
}
