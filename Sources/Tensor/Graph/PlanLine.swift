/// One kernel call of a plan, as `explain` shows it.
public struct PlanLine: Sendable {
  /// The op, with what was fused into it.
  public let name: String
  /// Shapes of its inputs and of its result.
  public let inputs: [[Int]]
  public let result: [Int]
  /// Bytes of the result as it lies in memory.
  public let bytes: Int
  /// Multiplications and additions, where the kernel counts them.
  public let operations: Double
  /// Whether it is one of the project's own kernels.
  public let isNative: Bool
  /// Mean milliseconds of the runs that were measured; nil where there was none.
  public let milliseconds: Double?
}
