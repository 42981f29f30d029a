/// Sizes of an n-d convolution: input [N, C, space…], weights [K, C / groups, kernel…], zeros
/// around the input so that a stride of 1 keeps its size ("same").
struct ConvolutionGeometry {
  let batch: Int
  let channels: Int
  let filters: Int
  let groups: Int
  let input: [Int]
  let kernel: [Int]
  let output: [Int]
  let stride: [Int]
  let dilation: [Int]

  /// - Throws: `TensorError` where ranks or channels do not fit, or a kernel is even.
  init(x: [Int], w: [Int], stride: [Int], dilation: [Int], groups: Int) throws {
    guard x.count == w.count, x.count >= 3 else {
      throw TensorError(
        "a convolution of \(x.asShape) with weights \(w.asShape)",
        hint: "the input is [samples, channels, space…], the weights [filters, channels, kernel…]")
    }
    guard groups > 0, x[1] > 0, x[1] % groups == 0, x[1] / groups == w[1], w[0] % groups == 0
    else {
      throw TensorError(
        "weights \(w.asShape) in \(groups) groups do not fit an input of \(x[1]) channels")
    }
    guard w.dropFirst(2).allSatisfy({ $0 % 2 == 1 }) else {
      throw TensorError("kernel \(Array(w.dropFirst(2)).asShape) has an even side")
    }
    guard stride.count == x.count - 2, dilation.count == x.count - 2 else {
      throw TensorError("a stride for \(stride.count) axes in a space of \(x.count - 2)")
    }
    let steps = 1...1 << 30
    guard (stride + dilation).allSatisfy(steps.contains) else {
      throw TensorError("strides and dilations of a convolution are whole numbers from 1")
    }
    batch = x[0]
    channels = x[1]
    filters = w[0]
    self.groups = groups
    input = Array(x.dropFirst(2))
    kernel = Array(w.dropFirst(2))
    self.stride = stride
    self.dilation = dilation
    output = zip(input, stride).map { $0 / $1 + ($0 % $1 == 0 ? 0 : 1) }
    guard max(inputCount, w.product) <= BLAS.longest else {
      throw TensorError("a convolution of \(x.asShape) is too large", hint: "cut it into tiles")
    }
  }

  var inputCount: Int { input.product }
  var outputCount: Int { output.product }
  var taps: Int { kernel.product }
  /// Rows of the column matrix of one group.
  var depth: Int { channels / groups * taps }

  /// Output positions a thread unfolds at a time, a multiple of the last axis where it fits.
  var chunk: Int {
    let wanted = max(1, ConvolutionGeometry.columnBudget / max(1, depth))
    let row = output.last ?? 1
    return min(outputCount, wanted >= row ? wanted / row * row : wanted)
  }
  var chunks: Int { outputCount == 0 ? 0 : (outputCount + chunk - 1) / chunk }

  /// Numbers in one thread's column matrix.
  private static let columnBudget = 1 << 18

  /// Unfolds output positions `range` of one group of one sample: column j holds what the kernel
  /// sees at position j, zero outside.
  func unfold<T: Scalar>(
    _ x: UnsafePointer<T>, _ range: Range<Int>, into column: UnsafeMutablePointer<T>
  ) {
    let width = range.count
    forEachTap { channel, tap, offsets in
      let row = column + (channel * taps + tap) * width
      let plane = x + channel * inputCount
      forEachRun(range, offsets) { at, count, from, step in
        guard from >= 0 else {
          for i in 0..<count { row[at + i] = 0 }
          return
        }
        if step == 1 {
          (row + at).update(from: plane + from, count: count)
        } else {
          for i in 0..<count { row[at + i] = plane[from + i * step] }
        }
      }
    }
  }

  /// The transpose of `unfold`: adds columns back to where they were read.
  func fold<T: Scalar>(
    _ column: UnsafePointer<T>, _ range: Range<Int>, into x: UnsafeMutablePointer<T>
  ) {
    let width = range.count
    forEachTap { channel, tap, offsets in
      let row = column + (channel * taps + tap) * width
      let plane = x + channel * inputCount
      forEachRun(range, offsets) { at, count, from, step in
        guard from >= 0 else { return }
        for i in 0..<count { plane[from + i * step] += row[at + i] }
      }
    }
  }

  private func forEachTap(_ body: (_ channel: Int, _ tap: Int, _ offsets: [Int]) -> Void) {
    for tap in 0..<taps {
      var rest = tap
      var offsets = kernel
      for axis in kernel.indices.reversed() {
        let (quotient, index) = rest.quotientAndRemainder(dividingBy: kernel[axis])
        rest = quotient
        offsets[axis] = (index - kernel[axis] / 2) * dilation[axis]
      }
      for channel in 0..<channels / groups { body(channel, tap, offsets) }
    }
  }

  /// Splits output positions into runs along the last axis that read the input at a fixed step
  /// (`from` is their first element) or lie outside it (`from` is -1).
  @inline(__always)
  private func forEachRun(
    _ range: Range<Int>, _ offsets: [Int],
    _ body: (_ at: Int, _ count: Int, _ from: Int, _ step: Int) -> Void
  ) {
    let last = output.count - 1
    let width = output[last]
    let step = stride[last]
    var position = range.lowerBound
    while position < range.upperBound {
      let (line, first) = position.quotientAndRemainder(dividingBy: width)
      let count = min(width - first, range.upperBound - position)
      let at = position - range.lowerBound
      position += count
      guard let base = lineStart(line, offsets) else {
        body(at, count, -1, step)
        continue
      }
      // Positions p with 0 <= p * step + offset < size are inside.
      let offset = offsets[last]
      let lower = offset >= 0 ? 0 : (-offset + step - 1) / step
      let upper = (input[last] - 1 - offset) >= 0 ? (input[last] - 1 - offset) / step + 1 : 0
      let inside = max(first, lower)..<max(max(first, lower), min(first + count, upper))
      if inside.isEmpty {
        body(at, count, -1, step)
        continue
      }
      if inside.lowerBound > first { body(at, inside.lowerBound - first, -1, step) }
      body(
        at + inside.lowerBound - first, inside.count,
        base + inside.lowerBound * step + offset, step)
      if inside.upperBound < first + count {
        body(at + inside.upperBound - first, first + count - inside.upperBound, -1, step)
      }
    }
  }

  /// Where the input line of an output line starts, or nil where it lies outside.
  private func lineStart(_ line: Int, _ offsets: [Int]) -> Int? {
    var rest = line
    var start = 0
    var step = input[input.count - 1]
    for axis in (0..<input.count - 1).reversed() {
      let (quotient, index) = rest.quotientAndRemainder(dividingBy: output[axis])
      rest = quotient
      let place = index * stride[axis] + offsets[axis]
      guard place >= 0, place < input[axis] else { return nil }
      start += place * step
      step *= input[axis]
    }
    return start
  }
}
