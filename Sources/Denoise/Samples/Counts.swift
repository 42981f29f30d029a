import TensorEngine

extension Sample {
  /// A single-cell experiment: rows are cells, columns are genes.
  static let counts = Sample(
    name: "counts",
    summary:
      "a matrix of cells x genes, expected counts of cells that turn from one type into others",
    axes: "YX", defaultSize: [400, 200], minimumSize: [16, 16]
  ) { size, seed in
    let tree = CellTree(genes: size[1], seed: seed)
    let rows = Parallel.map(size[0]) { tree.cell($0, seed: seed) }
    return [try Image(Tensor(rows.flatMap { $0 }, shape: size), axes: "YX")]
  }
}

/// Cells along the branches of a tree: each lies between the root's programme of genes and the
/// programme of one of three ends, and was read to a depth of its own.
private struct CellTree {
  private static let ends = 3
  /// Expected counts of each gene, of the root and of the ends.
  private let programmes: [[Float]]

  init(genes: Int, seed: UInt64) {
    var stream = RandomStream(seed: seed, purpose: .sample)
    let common = (0..<genes).map { _ in Elementary.exp(stream.normal() - 0.7) }
    let root = common
    programmes =
      [root]
      + (0..<CellTree.ends).map { _ in
        common.map { level in
          // One gene in four belongs to a programme.
          stream.bernoulli(0.25) ? level * Elementary.exp(1.2 * stream.normal()) : level
        }
      }
  }

  func cell(_ number: Int, seed: UInt64) -> [Float] {
    var stream = RandomStream(seed: seed, purpose: .sample, sample: number + 1)
    let end = 1 + stream.int(below: CellTree.ends)
    let way = stream.uniform()
    let depth = Elementary.exp(0.25 * stream.normal())
    return zip(programmes[0], programmes[end]).map { depth * ((1 - way) * $0 + way * $1) }
  }
}
