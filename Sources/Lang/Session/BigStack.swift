import Glibc

/// Runs work on a thread with room for deep recursion, and waits for it.
enum BigStack {
  /// Address space, not memory: pages are taken when they are touched.
  private static let sizes = [512 << 20, 64 << 20]

  /// Where the system grants no thread, the caller's own stack is taken to have this much left.
  private static let leastRoom = 4 << 20

  /// - Parameter body: is told how many bytes of stack it has.
  static func run<T>(_ body: (_ room: Int) -> T) -> T {
    withoutActuallyEscaping(body) { body in
      for size in sizes {
        if let result = attempt(size, { body(size) }) { return result }
      }
      return body(leastRoom)
    }
  }

  private final class Job<T> {
    let body: () -> T
    var result: T?
    init(_ body: @escaping () -> T) { self.body = body }
  }

  /// nil where the system grants no such thread.
  private static func attempt<T>(_ size: Int, _ body: @escaping () -> T) -> T? {
    let job = Job(body)
    let task = Task { job.result = job.body() }
    var attributes = pthread_attr_t()
    guard pthread_attr_init(&attributes) == 0 else { return nil }
    defer { pthread_attr_destroy(&attributes) }
    guard pthread_attr_setstacksize(&attributes, size) == 0 else { return nil }
    var thread = pthread_t()
    let context = Unmanaged.passRetained(task)
    let status = pthread_create(
      &thread, &attributes,
      { context in
        guard let context else { return nil }
        Unmanaged<Task>.fromOpaque(context).takeRetainedValue().body()
        return nil
      }, context.toOpaque())
    guard status == 0 else {
      context.release()
      return nil
    }
    pthread_join(thread, nil)
    return job.result
  }

  private final class Task {
    let body: () -> Void
    init(_ body: @escaping () -> Void) { self.body = body }
  }
}
