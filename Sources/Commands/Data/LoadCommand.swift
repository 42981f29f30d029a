import Formats
import Lang
import TensorEngine

struct LoadCommand: Command {
  static let name = "load"
  static let summary = "reads an image, volume, stack, table or model by what the file holds"
  static let details = """
    `memory=map` leaves an image on the disk: `vol[z=64]`, `slice`, `stats`, `train` and `predict` read \
    of it what they need, and it may be larger than memory.

    The folder of a run (see `runs`) gives the run's model.
    """
  static let group = "Data"
  static let examples = [
    Example("vol = load \"map.mrc\""), Example("part = load \"map.mrc\" crop={z: 0..31}"),
  ]

  @Argument("file") var file: String
  @Option("axis letters in the file's own order, where its own say is wrong") var axes: String?
  @Option("which data set of a file that has several") var key: String?
  @Option("what the file is taken as, where it could be more than one thing")
  var `as`: LoadKind?
  @Option("ranges by axis, both ends included: `{z: 0..31}`") var crop: Record?
  @Option("keeps transparency as one more channel") var alpha = false
  @Option("bytes it may take, as a number or \"2GB\"; `map` leaves it on the disk")
  var memory: Either<MapWord, MemorySize>?

  func run(in context: Context) throws -> Value {
    let folder = RunFolder(path: file)
    if folder.isThere { return .host(try folder.loadModel()) }
    var options = LoadOptions(axes: axes, key: key, kind: self.as?.kind, alpha: alpha)
    options.crop = try ranges()
    switch memory {
    case .first?:
      let image = try FileImage(file, options)
      for note in image.notes { context.note(note) }
      return .host(FileValue(image))
    case .second(let size)?: options.limit = MemoryLimit(bytes: size.bytes)
    case nil: break
    }
    let loaded = try Formats.load(file, options)
    for note in loaded.notes { context.note(note) }
    switch loaded.content {
    case .image(let image): return .image(image)
    case .table(let table): return .table(try Table(table))
    case .checkpoint(let checkpoint): return .host(try ModelFile.model(of: checkpoint, path: file))
    }
  }

  private func ranges() throws -> [Character: Range<Int>] {
    var result: [Character: Range<Int>] = [:]
    for (name, value) in crop?.fields ?? [] {
      guard name.count == 1, let letter = name.uppercased().first,
        let range = NumberRange.bind(value),
        let start = Int(exactly: range.start), let end = Int(exactly: range.end), start <= end
      else {
        throw LangError(
          "`crop` takes ranges by axis, not \(name): \(Show.inline(value))",
          hint: "for instance `crop={z: 0..31, x: 100..227}`", argument: "crop")
      }
      result[letter] = start..<end + 1
    }
    return result
  }
}

/// The word of `memory=map`.
enum MapWord: String, Choice { case map }

/// `as=`.
enum LoadKind: String, Choice {
  case image, table
  var kind: LoadOptions.Kind { self == .image ? .image : .table }
}

extension Table {
  /// A file's table as the language holds it.
  init(_ table: DataTable) throws {
    try self.init(
      columns: zip(table.names, table.columns).map { name, column in
        switch column {
        case .numbers(let numbers): (name, numbers.map(Value.number))
        case .text(let texts): (name, texts.map(Value.string))
        }
      })
  }
}
