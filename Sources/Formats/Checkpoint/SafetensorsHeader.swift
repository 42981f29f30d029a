import TensorEngine

/// The header of a safetensors file: its length in 8 bytes, then JSON with the type, shape and
/// place of each tensor (https://github.com/huggingface/safetensors, "Format").
struct SafetensorsHeader {
  struct Entry {
    let name: String
    let type: NumberType
    let shape: [Int]
    /// Bytes from the end of the header.
    let range: Range<Int>
  }

  /// As in the reference implementation.
  static let lengthLimit = 100_000_000
  static let metadataName = "__metadata__"

  /// In the order of the data.
  let entries: [Entry]
  let metadata: [String: String]
  let dataOffset: Int

  /// - Throws: `FormatError` where the header contradicts itself or the file's size.
  init(_ source: ByteSource) throws {
    let path = source.path
    let prefix = try source.bytes(at: 0, count: 8)
    let length = prefix.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(SafetensorsHeader.lengthLimit) else {
      throw FormatError.damaged(path, "its header of \(length) bytes is longer than any can be")
    }
    dataOffset = 8 + Int(length)
    let json: JSON
    do throws(JSONParser.Fault) {
      json = try JSONParser.parse(try SafetensorsHeader.text(source, Int(length)))
    } catch {
      throw FormatError.damaged(path, "its header is no JSON: \(error.text)")
    }
    guard case .object(let members) = json else {
      throw FormatError.damaged(path, "its header is no JSON object")
    }
    var (entries, metadata) = ([Entry](), [String: String]())
    for member in members {
      if member.name == SafetensorsHeader.metadataName {
        guard case .object(let notes) = member.value else { continue }
        for note in notes { metadata[note.name] = note.value.string }
      } else {
        entries.append(try SafetensorsHeader.entry(member, path))
      }
    }
    self.entries = entries.sorted { $0.range.lowerBound < $1.range.lowerBound }
    self.metadata = metadata
    try checkRanges(source)
  }

  private static func text(_ source: ByteSource, _ length: Int) throws(JSONParser.Fault) -> [UInt8]
  {
    guard let bytes = try? source.bytes(at: 8, count: length) else {
      throw JSONParser.Fault(text: "the file ends inside it", position: 0)
    }
    return bytes
  }

  private static func entry(_ member: JSON.Member, _ path: String) throws -> Entry {
    let sizes = member.value["shape"]?.array?.map(\.count)
    let ends = member.value["data_offsets"]?.array?.map(\.count)
    guard let code = member.value["dtype"]?.string, let sizes, let ends, ends.count == 2,
      let begin = ends[0], let end = ends[1], begin <= end
    else {
      throw FormatError.damaged(path, "its entry \"\(member.name)\" is incomplete")
    }
    guard let type = codes.first(where: { $0.code == code })?.type else {
      throw FormatError.unsupported(
        path, "a tensor \"\(member.name)\" of the type \(code)",
        hint: "known are \(codes.map(\.code).joined(separator: ", "))")
    }
    let shape = sizes.compactMap { $0 }
    guard shape.count == sizes.count, (shape + [type.size]).checkedProduct == end - begin else {
      throw FormatError.damaged(
        path, "the shape and the place of its tensor \"\(member.name)\" contradict each other")
    }
    return Entry(name: member.name, type: type, shape: shape, range: begin..<end)
  }

  /// Tensors follow each other without gaps to the end of the file.
  private func checkRanges(_ source: ByteSource) throws {
    var end = 0
    for entry in entries {
      guard entry.range.lowerBound == end else {
        throw FormatError.damaged(source.path, "there is a gap before its tensor \"\(entry.name)\"")
      }
      end = entry.range.upperBound
    }
    guard let size = source.size, size != dataOffset + end else { return }
    throw FormatError.damaged(
      source.path,
      "its header promises \(ByteCount(dataOffset + end)), the file has \(ByteCount(size))")
  }

  /// The header's bytes, padded with blanks so that the data start at a multiple of 8.
  static func bytes(of checkpoint: Checkpoint) -> [UInt8] {
    var members: [String] = []
    if !checkpoint.metadata.isEmpty {
      let notes = checkpoint.metadata.sorted { $0.key < $1.key }
        .map { "\(JSON.quoted($0.key)):\(JSON.quoted($0.value))" }
      members.append("\(JSON.quoted(metadataName)):{\(notes.joined(separator: ","))}")
    }
    var begin = 0
    for tensor in checkpoint.tensors {
      let type = tensor.precision.type
      let end = begin + tensor.tensor.count * type.size
      let sizes = tensor.tensor.shape.map(String.init).joined(separator: ",")
      let code = codes.first { $0.type == type }?.code ?? "F32"
      members.append(
        "\(JSON.quoted(tensor.name)):{\"dtype\":\"\(code)\",\"shape\":[\(sizes)],"
          + "\"data_offsets\":[\(begin),\(end)]}")
      begin = end
    }
    var text = Array("{\(members.joined(separator: ","))}".utf8)
    text += [UInt8](repeating: 32, count: (8 - text.count % 8) % 8)
    return (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) } + text
  }

  private static let codes: [(code: String, type: NumberType)] = [
    ("F32", .float32), ("BF16", .bfloat16), ("F16", .float16), ("F64", .float64), ("I64", .int64),
    ("I32", .int32), ("I16", .int16), ("I8", .int8), ("U64", .uint64), ("U32", .uint32),
    ("U16", .uint16), ("U8", .uint8), ("BOOL", .bool),
  ]
}

extension NamedTensor.Precision {
  var type: NumberType {
    switch self {
    case .float32: .float32
    case .bfloat16: .bfloat16
    case .float16: .float16
    }
  }

  /// The narrowest precision that holds what `type` holds, as far as single precision does.
  init(_ type: NumberType) {
    switch type {
    case .bfloat16: self = .bfloat16
    case .float16: self = .float16
    default: self = .float32
    }
  }
}
