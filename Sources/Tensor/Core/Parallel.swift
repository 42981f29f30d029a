import CSupport

/// Work over indices on all threads. Which thread takes which index is not fixed, so a body must
/// write only what belongs to its index; reductions sum fixed chunks in a fixed order.
public enum Parallel {
  /// Threads used by kernels; 1 or more.
  public static var threads: Int {
    get { Int(dn_threads()) }
    set { dn_set_threads(Int32(clamping: newValue)) }
  }

  /// The thread that is asking, in `0..<threads`; for scratch memory of its own.
  static var thread: Int { Int(dn_thread()) }

  /// Cores this process may use.
  public static var cores: Int { Int(dn_cores()) }

  /// Calls `body` once for each index in `0..<count`, in any order, on all threads.
  public static func forEach(_ count: Int, _ body: (Int) -> Void) {
    withoutActuallyEscaping(body) { body in
      var job = Job(body: body)
      withUnsafeMutablePointer(to: &job) { pointer in
        dn_parallel(
          Int64(count),
          { context, index in
            context?.assumingMemoryBound(to: Job.self).pointee.body(Int(index))
          }, pointer)
      }
    }
  }

  /// Calls `body` with consecutive ranges that cover `0..<count`, each about `grain` long.
  public static func forRanges(_ count: Int, grain: Int, _ body: (Range<Int>) -> Void) {
    let grain = Swift.max(1, grain)
    let chunks = (count + grain - 1) / grain
    if chunks <= 1 {
      if count > 0 { body(0..<count) }
      return
    }
    forEach(chunks) { chunk in body(chunk * grain..<Swift.min(count, (chunk + 1) * grain)) }
  }

  /// `body` of each index, in order.
  public static func map<Result>(_ count: Int, _ body: (Int) -> Result) -> [Result] {
    guard count > 0 else { return [] }
    return [Result](unsafeUninitializedCapacity: count) { buffer, filled in
      let slots = Slots(base: buffer.baseAddress)
      forEach(count) { index in slots.base?.advanced(by: index).initialize(to: body(index)) }
      filled = count
    }
  }

  /// Runs `body` without asking other threads for help, which are left to who works beside it.
  public static func onThisThread<Result>(_ body: () throws -> Result) rethrows -> Result {
    let before = dn_keep_to_this_thread(true)
    defer { _ = dn_keep_to_this_thread(before) }
    return try body()
  }

  private struct Job { let body: (Int) -> Void }
  private struct Slots<Element>: @unchecked Sendable {
    let base: UnsafeMutablePointer<Element>?
  }
}
