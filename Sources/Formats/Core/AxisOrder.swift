import CSupport
import TensorEngine

/// How the dimensions of a file become those of an image.
///
/// Files keep their axes in many orders (a NumPy picture `YXC`, ImageJ `TZCYX`, an MRC map any
/// of `XYZ`); an image always has them as `STCZYX`, so that whoever works on it need not ask.
struct AxisOrder: Sendable, Equatable {
  /// The order of axes in an image; unknown ones come first.
  static let canonical = "QSTCZYX"

  /// Axis letters in the file's order, slowest first.
  let fileAxes: String
  /// Sizes in the file's order.
  let fileShape: [Int]
  /// For each dimension of the image, the dimension of the file.
  let order: [Int]

  /// - Parameters:
  ///   - fileAxes: One known letter for each dimension, none twice.
  init(fileAxes: String, fileShape: [Int]) {
    self.fileAxes = fileAxes
    self.fileShape = fileShape
    let letters = Array(fileAxes)
    let rank = letters.map { AxisOrder.canonical.firstIndex(of: $0) }
    order = letters.indices.sorted { (rank[$0] ?? "".endIndex) < (rank[$1] ?? "".endIndex) }
  }

  var isIdentity: Bool { order == Array(order.indices) }
  /// The image's axes.
  var axes: String {
    let letters = Array(fileAxes)
    return String(order.map { letters[$0] })
  }
  /// The image's shape.
  var shape: [Int] { order.map { fileShape[$0] } }

  /// The same block in the file's order.
  func inFile(_ region: Region) -> Region {
    var ranges = region.ranges
    for (axis, dimension) in order.enumerated() { ranges[dimension] = region.ranges[axis] }
    return Region(ranges)
  }

  /// Numbers of a block in the file's order, brought into the image's.
  ///
  /// - Parameter shape: The block's shape in the file's order.
  func toImage(_ values: [Float], shape: [Int]) -> [Float] {
    isIdentity ? values : AxisOrder.permuted(values, shape: shape, order: order)
  }

  /// Numbers in the image's order, brought into the file's.
  ///
  /// - Parameter shape: The shape in the image's order.
  func toFile(_ values: [Float], shape: [Int]) -> [Float] {
    if isIdentity { return values }
    var inverse = order
    for (axis, dimension) in order.enumerated() { inverse[dimension] = axis }
    return AxisOrder.permuted(values, shape: shape, order: inverse)
  }

  /// Reorders dimensions: dimension `i` of the result is dimension `order[i]` of the input.
  static func permuted(_ values: [Float], shape: [Int], order: [Int]) -> [Float] {
    guard let last = order.last, !values.isEmpty else { return values }
    let strides = shape.strides
    let steps = order.map { strides[$0] }
    let resultShape = order.map { shape[$0] }
    let (step, run) = (strides[last], shape[last])
    let outer = Array(resultShape.dropLast())
    let grain = max(1, (1 << 16) / run)
    return [Float](unsafeUninitializedCapacity: values.count) { buffer, filled in
      dn_prefer_huge_pages(buffer.baseAddress, values.count * MemoryLayout<Float>.stride)
      let result = Result(values: buffer)
      Parallel.forRanges(values.count / run, grain: grain) { rows in
        for row in rows {
          var (rest, position) = (row, 0)
          for axis in outer.indices.reversed() {
            position += rest % outer[axis] * steps[axis]
            rest /= outer[axis]
          }
          for place in row * run..<(row + 1) * run {
            result.values[place] = values[position]
            position += step
          }
        }
      }
      filled = values.count
    }
  }

  private struct Result: @unchecked Sendable {
    let values: UnsafeMutableBufferPointer<Float>
  }
}
