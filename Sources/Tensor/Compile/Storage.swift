import CKernels

/// How the numbers of a node lie in memory while a plan runs.
enum Storage: Hashable, Sendable {
  /// Row-major, as everywhere outside plans.
  case plain
  /// As the kernels read it: [samples, channels, space…] with a halo of zeros around the space,
  /// channels in blocks of 16 where there are more than a few.
  case haloed(halo: Int)

  /// Channels up to which a tensor stays planar: blocks would be mostly empty.
  static let planarChannels = 4

  /// The kernels' description of a tensor of this storage; nil for plain.
  func layout(of shape: [Int]) -> dn_layout? {
    guard case .haloed(let halo) = self, (3...5).contains(shape.count) else { return nil }
    let space = shape.dropFirst(2).map(Int64.init)
    let missing = 3 - space.count
    let sizes = Array(repeating: Int64(1), count: missing) + space
    let halos = (0..<3).map { $0 < missing ? Int64(0) : Int64(halo) }
    var layout = dn_layout()
    layout.storage = shape[1] <= Storage.planarChannels ? DN_PLANAR : DN_BLOCKED
    layout.batch = Int64(shape[0])
    layout.channels = Int64(shape[1])
    layout.size = (sizes[0], sizes[1], sizes[2])
    layout.halo = (halos[0], halos[1], halos[2])
    return layout
  }

  /// Floats that a tensor takes.
  func count(of shape: [Int]) -> Int {
    guard var layout = layout(of: shape) else { return shape.product }
    return (dn_layout_bytes(&layout) + 3) / 4
  }
}

/// The kernels of an op that work on haloed tensors.
protocol NativeOp: Op {
  /// Which inputs are to be haloed, and whether the result is; nil where no kernel fits these
  /// shapes and the op runs on plain numbers.
  func demands(_ inputs: [[Int]], result: [Int]) -> NativeDemands?

  /// The kernel call for inputs and result that lie as demanded.
  ///
  /// - Throws: `TensorError` where the kernels refuse.
  func prepare(_ inputs: [StoredTensor], result: StoredTensor) throws -> any NativeCall
}

struct NativeDemands {
  let haloedInputs: Set<Int>
  let haloedResult: Bool
  /// Halo that the kernel reads of its inputs.
  var halo = 0
}

/// What a kernel needs to know of a tensor before there is memory.
struct StoredTensor {
  let shape: [Int]
  let storage: Storage

  /// - Throws: `TensorError` where the tensor is plain.
  func layout() throws -> dn_layout {
    guard let layout = storage.layout(of: shape) else {
      throw TensorError("a tensor of \(shape.asShape) has no haloed layout")
    }
    return layout
  }
}

/// A kernel made ready for its shapes.
protocol NativeCall: AnyObject {
  /// Floats of scratch.
  var scratch: Int { get }
  /// Whether the kernel leaves the halo of its result as it was.
  var leavesHalo: Bool { get }
  /// Multiplications and additions of a run, where they are many.
  var operations: Double { get }
  func run(
    _ x: [UnsafePointer<Float>], _ y: UnsafeMutablePointer<Float>,
    _ scratch: UnsafeMutablePointer<Float>)
}

extension NativeCall {
  var scratch: Int { 0 }
  var leavesHalo: Bool { true }
  var operations: Double { 0 }
}
