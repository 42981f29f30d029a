/// The variables of one running function.
final class Frame {
  var slots: ContiguousArray<Value?>
  /// The frame of the function that a closure was made in.
  let parent: Frame?
  let globals: Globals
  let runtime: Runtime
  /// What `return` gave.
  var result: Value = .none

  init(runtime: Runtime, parent: Frame? = nil, slotCount: Int = 0) {
    self.runtime = runtime
    globals = runtime.globals
    self.parent = parent
    slots = ContiguousArray(repeating: nil, count: slotCount)
  }
}

/// The variables of the session, each in a numbered slot that code refers to.
final class Globals {
  var slots: ContiguousArray<Value?> = []
  private var numbers: [String: Int] = [:]
  private var slotNames: [String] = []

  /// The slot of a name; made where there is none.
  func slot(of name: String) -> Int {
    if let known = numbers[name] { return known }
    numbers[name] = slots.count
    slotNames.append(name)
    slots.append(nil)
    return slots.count - 1
  }

  subscript(name: String) -> Value? {
    get { numbers[name].flatMap { slots[$0] } }
    set { slots[slot(of: name)] = newValue }
  }

  /// Names that have a value, in the order in which they were first seen.
  var names: [String] { slotNames.indices.filter { slots[$0] != nil }.map { slotNames[$0] } }

  /// Forgets the values; the slots stay, for code that refers to them.
  func clear() {
    for index in slots.indices { slots[index] = nil }
  }
}

/// Where a variable lives, found when the code is lowered.
enum VariablePlace: Equatable {
  case global(Int)
  /// A slot of the running function, or of one that encloses it.
  case local(slot: Int, up: Int)

  @inline(__always)
  func read(_ frame: Frame) -> Value? {
    switch self {
    case .global(let slot): return frame.globals.slots[slot]
    case .local(let slot, let up):
      return up == 0 ? frame.slots[slot] : owner(of: frame, up).slots[slot]
    }
  }

  @inline(__always)
  func write(_ value: Value, _ frame: Frame) {
    switch self {
    case .global(let slot): frame.globals.slots[slot] = value
    case .local(let slot, let up):
      if up == 0 { frame.slots[slot] = value } else { owner(of: frame, up).slots[slot] = value }
    }
  }

  /// Changes a variable that has a value, in place; returns false where it has none.
  func modify(_ frame: Frame, _ body: (inout Value) throws -> Void) rethrows -> Bool {
    guard var value = read(frame) else { return false }
    // The slot gives its value up for the while, so that there is no second owner to copy for.
    write(.none, frame)
    defer { write(value, frame) }
    try body(&value)
    return true
  }

  private func owner(of frame: Frame, _ up: Int) -> Frame {
    var owner = frame
    for _ in 0..<up { owner = owner.parent ?? owner }
    return owner
  }
}
