import Dispatch
import Synchronization
import TensorEngine

/// Parts of a list of samples, each read while the one before it is worked on.
///
/// Reading waits for a disk, or decodes on one thread; the network computes on all of them. One part
/// more than the one at work is held in memory.
struct ReadAhead {
  typealias Part = (sample: SampleArray, box: Box)

  private let parts: [Part]
  private var next = 0
  private var pending: Pending?

  init(_ parts: [Part]) {
    self.parts = parts
    advance()
  }

  /// The next part's elements; called once for each part.
  ///
  /// - Throws: what reading it threw.
  mutating func take() throws -> Tensor {
    guard let pending else { throw DenoiseError("all parts are read") }
    let result = pending.wait()
    advance()
    return try result.get()
  }

  private mutating func advance() {
    guard next < parts.count else {
      pending = nil
      return
    }
    let part = parts[next]
    next += 1
    pending = Pending { try part.sample.patch(part.box) }
  }

  /// A result that another thread is working on.
  private final class Pending: Sendable {
    private let result = Mutex<Result<Tensor, any Error>?>(nil)
    private let done = DispatchSemaphore(value: 0)

    init(_ body: @escaping @Sendable () throws -> Tensor) {
      DispatchQueue.global().async { [self] in
        let outcome = Parallel.onThisThread { Result { try body() } }
        result.withLock { $0 = outcome }
        done.signal()
      }
    }

    /// Once only.
    func wait() -> Result<Tensor, any Error> {
      done.wait()
      return result.withLock { $0 } ?? .failure(DenoiseError("nothing was read"))
    }
  }
}
