import Formats
import Glibc
import Lang
import TensorEngine

/// The target under test; libFuzzer calls a function without a context.
nonisolated(unsafe) var chosen: Target?

/// What bytes are fed to.
struct Target {
  let name: String
  /// Of the file that a format is given.
  private let ending: String

  static let names =
    ["png", "tif", "jpg", "h5", "npy", "npz", "safetensors", "mrc", "json", "csv", "mtx", "gz"]
    + ["bz2", "zarr", "yaml", "language"]

  init?(named name: String) {
    guard Target.names.contains(name) else { return nil }
    self.name = name
    ending = ["gz": "mrc.gz", "bz2": "mrc.bz2"][name] ?? name
  }

  /// In memory, not on a disk.
  private static let folder = "/dev/shm/dn-fuzz-\(getpid())"

  /// Nothing that comes may crash, hang or take much memory; errors are what is wanted.
  func run(_ bytes: [UInt8]) {
    if name == "language" {
      let session = Session(commands: [], output: Output(text: { _ in }, note: { _ in }))
      _ = session.check(Source(String(decoding: bytes, as: UTF8.self)))
      return
    }
    mkdir(Target.folder, 0o700)
    let path = "\(Target.folder)/x.\(ending)"
    if name == "zarr" {
      // Metadata up to the first zero, then the bytes of its first chunk.
      mkdir(path, 0o700)
      mkdir("\(path)/c", 0o700)
      mkdir("\(path)/c/0", 0o700)
      let parts = bytes.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
      Target.write(parts.first ?? [], to: "\(path)/zarr.json")
      Target.write(parts.count > 1 ? parts[1] : [], to: "\(path)/c/0/0")
    } else {
      Target.write(bytes[...], to: path)
    }
    if name == "yaml" {
      _ = try? Formats.readOptions(path)
      return
    }
    let options = LoadOptions(limit: MemoryLimit(bytes: 1 << 26))
    guard let opened = try? Formats.open(path, options), case .image(let reader) = opened else {
      return
    }
    _ = try? reader.read(limit: options.limit)
    let corner = Region(reader.info.shape.map { $0 / 2..<min($0, $0 / 2 + 2) })
    _ = try? reader.read(corner, limit: options.limit)
  }

  private static func write(_ bytes: ArraySlice<UInt8>, to path: String) {
    guard let file = fopen(path, "wb") else { return }
    bytes.withUnsafeBytes { _ = fwrite($0.baseAddress, 1, $0.count, file) }
    fclose(file)
  }

  /// Sound inputs to start from.
  func writeSeeds(to folder: String) {
    let texts = [
      "csv": ["a,b\n1,2\n3,x\n", "1 2 3\n4 5 6\n", "x\t\"a \"\"b\"\"\"\n"],
      "json": ["[[1,2],[3,4]]", "[{\"x\":1,\"y\":2}]", "{\"d\":[{\"a\":\"\\u00e9\",\"b\":1e3}]}"],
      "yaml": ["a: 1\nb:\n  - x\n  - {c: [1, 2]}\n", "k: >\n  long\n  text\n# c\n'q': \"\\n\"\n"],
      "mtx": [
        "%%MatrixMarket matrix coordinate real general\n2 2 1\n1 2 3.5\n",
        "%%MatrixMarket matrix array integer symmetric\n2 2\n1\n2\n3\n",
      ],
      "language": [
        "x = [1, 2]\nfor i in x { print \"{i:.2f}\" }\n", "def f(a, b=2) = a^b mod 3\n",
        "try { f(1)[z=2:5, -1].m = {a: 1..5 step 2} } catch e { return fn(x) = x }\n",
      ],
      "zarr": [
        "{\"zarr_format\":3,\"node_type\":\"array\",\"shape\":[4,4],\"data_type\":\"uint16\","
          + "\"chunk_grid\":{\"name\":\"regular\",\"configuration\":{\"chunk_shape\":[2,2]}},"
          + "\"chunk_key_encoding\":{\"name\":\"default\"},\"fill_value\":1,"
          + "\"codecs\":[{\"name\":\"bytes\"},{\"name\":\"zstd\"}]}\0(\u{b5}/",
        "{\"zarr_format\":3,\"node_type\":\"array\",\"shape\":[4,4],\"data_type\":\"int8\","
          + "\"chunk_grid\":{\"configuration\":{\"chunk_shape\":[4,4]}},\"codecs\":[{\"name\":"
          + "\"sharding_indexed\",\"configuration\":{\"chunk_shape\":[2,2],\"codecs\":"
          + "[{\"name\":\"blosc\"}],\"index_codecs\":[{\"name\":\"crc32c\"}]}}]}\0abcd",
      ],
    ]
    for (number, text) in (texts[name] ?? []).enumerated() {
      Target.write(Array(text.utf8)[...], to: "\(folder)/seed-\(number)")
    }
    guard texts[name] == nil, name != "safetensors", name != "jpg" else { return }
    for (number, type) in [StoredType.uint8, .int16, .float32].enumerated() {
      guard
        let image = try? Image(
          Tensor(shape: [2, 3, 4]) { Float($0) }, axes: name == "png" ? "CYX" : "ZYX",
          voxel: name == "png" ? nil : [1, 2, 3], stored: type)
      else { continue }
      for (index, packing) in [SaveOptions.Compression.none, .deflate, .lzw].enumerated() {
        let path = "\(folder)/seed-\(number)-\(index).\(ending)"
        _ = try? Formats.save(image, path, SaveOptions(compression: packing, overwrite: true))
      }
    }
  }
}
