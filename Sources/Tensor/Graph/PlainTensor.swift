/// Plain numbers to which simple ops are applied one by one.
struct PlainTensor<T: KernelScalar> {
  let values: [T]
  let shape: [Int]

  init(_ view: View<T>) {
    values = Array(UnsafeBufferPointer(start: view.base, count: view.count))
    shape = view.shape
  }

  init(values: [T], shape: [Int]) {
    self.values = values
    self.shape = shape
  }

  func apply(_ op: some Op, _ others: [PlainTensor<T>]) -> PlainTensor<T> {
    let all = [self] + others
    // Shapes were checked when the op that stands for these was made.
    guard let result = try? op.shape(all.map(\.shape)) else { return self }
    return PlainTensor(
      values: Evaluation.run(
        op, all.map(\.values), shapes: all.map(\.shape), result: result, moment: Moment()),
      shape: result)
  }

  func write(to view: MutableView<T>) {
    for (index, value) in values.enumerated() { view.base[index] = value }
  }
}
