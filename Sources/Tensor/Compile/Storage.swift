import CKernels

/// What the numbers between kernels are stored in; sums, parameters, statistics and the loss are
/// float32 in both.
public enum Precision: String, Sendable, CaseIterable {
  case f32
  /// bfloat16: half the memory and, where the processor has AVX512-BF16 or AMX, more products a
  /// second, with 8 bits of precision in activations and their gradients.
  case bf16

  /// Whether the processor multiplies bfloat16 numbers; else their products are emulated, slowly.
  public static var hasFastBF16: Bool { dn_kernels_have_bf16() }
}

/// How the numbers of a node lie in memory while a plan runs.
enum Storage: Hashable, Sendable {
  /// Row-major float32, as everywhere outside plans.
  case plain
  /// As the kernels read it: [samples, channels, space…] with a halo of zeros around the space,
  /// channels in blocks of 16 where there are more than a few, and those blocks in `precision`.
  /// Behind it lie `tail` floats of what the kernel that made it found out on the way.
  case haloed(halo: Int, precision: Precision = .f32, tail: Int = 0)

  /// Channels up to which a tensor stays planar: blocks would be mostly empty.
  private static let planarChannels = 4

  /// Whether haloed tensors of this shape have their channels in blocks, as most passes want them.
  static func isBlocked(_ shape: [Int]) -> Bool {
    (3...5).contains(shape.count) && shape[1] > planarChannels
  }

  /// The kernels' description of a tensor of this storage; nil for plain.
  func layout(of shape: [Int]) -> dn_layout? {
    guard case .haloed(let halo, let precision, _) = self, (3...5).contains(shape.count) else {
      return nil
    }
    let space = shape.dropFirst(2).map(Int64.init)
    let missing = 3 - space.count
    let sizes = Array(repeating: Int64(1), count: missing) + space
    let halos = (0..<3).map { $0 < missing ? Int64(0) : Int64(halo) }
    var layout = dn_layout()
    layout.storage =
      !Storage.isBlocked(shape)
      ? DN_PLANAR : precision == .bf16 ? DN_BLOCKED_BF16 : DN_BLOCKED
    layout.batch = Int64(shape[0])
    layout.channels = Int64(shape[1])
    layout.size = (sizes[0], sizes[1], sizes[2])
    layout.halo = (halos[0], halos[1], halos[2])
    return layout
  }

  /// Floats that the tensor itself takes, and at which its tail starts.
  func body(of shape: [Int]) -> Int {
    guard var layout = layout(of: shape) else { return shape.product }
    return Storage.lines(bytes: dn_layout_bytes(&layout))
  }

  /// Floats that a tensor takes, its tail included.
  func count(of shape: [Int]) -> Int { body(of: shape) + tail }

  var tail: Int {
    if case .haloed(_, _, let tail) = self { tail } else { 0 }
  }

  func with(tail: Int) -> Storage {
    guard case .haloed(let halo, let precision, _) = self else { return self }
    return .haloed(halo: halo, precision: precision, tail: tail)
  }

  /// Whether tensors of this shape are bfloat16.
  func isHalf(_ shape: [Int]) -> Bool { layout(of: shape)?.storage == DN_BLOCKED_BF16 }

  /// Floats in so many bytes, rounded up to lines of 64 bytes.
  static func lines(bytes: Int) -> Int { (bytes + 63) / 64 * 16 }
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
  /// Floats that the kernel writes behind its result.
  var tail = 0
}

/// What a kernel needs to know of a tensor before there is memory.
struct StoredTensor {
  let shape: [Int]
  let storage: Storage

  /// Floats at which the tail starts.
  var body: Int { storage.body(of: shape) }

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
  func run(_ run: NativeRun)
}

/// Where a kernel reads and writes.
struct NativeRun {
  let x: [UnsafePointer<Float>]
  let y: UnsafeMutablePointer<Float>
  let scratch: UnsafeMutablePointer<Float>
  let moment: Moment
}

extension NativeCall {
  var scratch: Int { 0 }
  var leavesHalo: Bool { true }
  var operations: Double { 0 }
}
