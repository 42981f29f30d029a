import TensorEngine

/// Checkpoints: the tensors of a model and a map of notes, readable by the Python package
/// `safetensors`. Nothing in such a file can be run.
public struct SafetensorsFormat: Format {
  public let name = "safetensors"
  public let summary = "checkpoint of a model (safetensors)"
  public let endings = ["safetensors"]

  public init() {}

  /// By a plausible length followed by the start of a JSON object.
  public func recognises(_ head: FileHead) -> Bool {
    guard head.bytes.count >= 10, head.bytes[8] == UInt8(ascii: "{") else { return false }
    // A length below 2^32, in 8 bytes, has zeros above.
    return head.bytes[4..<8].allSatisfy { $0 == 0 }
      && (head.bytes[9] == UInt8(ascii: "\"") || head.bytes[9] == UInt8(ascii: "}")
        || head.bytes[9] == UInt8(ascii: " ") || head.bytes[9] == 10)
  }

  public func open(_ source: ByteSource, _ options: LoadOptions) throws -> Opened {
    let header = try SafetensorsHeader(source)
    let count = header.entries.reduce(0) { $0 + $1.shape.product }
    try options.limit.check(shape: [count], for: source.path)
    let tensors = try header.entries.map { entry in
      let array = RawArray(
        source: source, offset: header.dataOffset + entry.range.lowerBound, shape: entry.shape,
        codec: NumberCodec(entry.type))
      let values = try array.values(in: Region(whole: entry.shape))
      return NamedTensor(
        name: entry.name, tensor: try Tensor(values, shape: entry.shape),
        precision: NamedTensor.Precision(entry.type))
    }
    return .checkpoint(Checkpoint(tensors: tensors, metadata: header.metadata))
  }

  public func write(
    _ content: Content, to file: OutputFile, _ options: SaveOptions
  ) throws -> SaveReport {
    guard case .checkpoint(let checkpoint) = content else { throw mismatch(content, file) }
    let names = checkpoint.tensors.map(\.name)
    if let twice = Dictionary(grouping: names, by: { $0 }).first(where: { $1.count > 1 })?.key {
      throw FormatError(.badRequest, "a checkpoint cannot hold two tensors named \"\(twice)\"")
    }
    if names.contains(SafetensorsHeader.metadataName) {
      throw FormatError(
        .badRequest, "a tensor cannot be named \"\(SafetensorsHeader.metadataName)\"")
    }
    var report = SaveReport()
    try file.write(SafetensorsHeader.bytes(of: checkpoint))
    for tensor in checkpoint.tensors {
      try ArrayWriter(codec: NumberCodec(tensor.precision.type)).write(
        tensor.tensor.values, to: file, losses: &report.losses)
    }
    return report
  }
}
