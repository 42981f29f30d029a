import TensorEngine

/// `value.name`
enum Fields {
  /// - Throws: `LangError` that names the fields there are.
  static func value(of base: Value, _ name: String) throws -> Value {
    let found: Value?
    switch base {
    case .record(let record): found = record[name]
    case .table(let table):
      found =
        table.extras[name] ?? table.column(name).map(Value.list)
        ?? (name == "rows" ? .list(table.rows.map(Value.record)) : nil)
    case .image(let image): found = try field(name, of: image)
    case .traced(let node): found = traced(name, of: node)
    case .range(let range):
      found =
        ["start": .number(range.start), "end": .number(range.end), "step": .number(range.step)][
          name]
    case .host(let object): found = try object.field(name)
    default: found = nil
    }
    if let found { return found }
    let names = names(of: base)
    guard !names.isEmpty else {
      throw LangError(
        "\(base.kindWithArticle) has no fields",
        hint: base.asString == nil ? nil : "names of files stand in quotes")
    }
    throw LangError(
      "\(base.kindWithArticle) has no field `\(name)`",
      hint: NearestName.of(name, among: names).map { "did you mean `\($0)`?" }
        ?? "it has " + names.joined(separator: ", "))
  }

  /// Names of the fields of a value.
  static func names(of value: Value) -> [String] {
    switch value {
    case .record(let record): record.names
    case .table(let table): table.extras.names + table.names + ["rows"]
    case .image: imageFields
    case .traced: ["shape", "axes"]
    case .range: ["start", "end", "step"]
    case .host(let object): object.fieldNames
    default: []
    }
  }

  private static let imageFields = [
    "shape", "axes", "voxel", "unit", "origin", "dtype", "min", "max", "mean", "std", "path",
    "channels",
  ]

  private static func field(_ name: String, of image: Image) throws -> Value? {
    switch name {
    case "shape": .list(image.shape.map(Value.int))
    case "axes": .string(image.axes)
    case "voxel": image.voxel.map { .numbers($0) } ?? Value.none
    case "unit": .text(image.unit)
    case "origin": image.origin.map { .numbers($0) } ?? Value.none
    case "dtype": .string(image.stored.rawValue)
    case "path": .text(image.path)
    case "channels": image.channels.map { .list($0.map(Value.string)) } ?? Value.none
    case "min", "max", "mean", "std":
      try Reduction(rawValue: name).map {
        .number(try ImageReduction.total($0, of: image.tensor.values))
      }
    default: nil
    }
  }

  private static func traced(_ name: String, of image: any ImageMath) -> Value? {
    switch name {
    case "shape": .list(image.shape.map(Value.int))
    case "axes": .string(image.axes)
    default: nil
    }
  }
}
