import Formats
import Lang
import TensorEngine

extension RunRecord.Data {
  /// What a piece of data is: its name, shape, axes, type and checksum.
  ///
  /// - Throws: where a file cannot be read; `Interrupted`.
  init(_ image: any ImageSource, role: String, name: String) throws {
    var sum = SHA256()
    try image.forEachPiece { values in
      var bytes: [UInt8] = []
      bytes.reserveCapacity(4 * values.count)
      for value in values {
        let bits = value.bitPattern
        bytes.append(UInt8(truncatingIfNeeded: bits))
        bytes.append(UInt8(truncatingIfNeeded: bits >> 8))
        bytes.append(UInt8(truncatingIfNeeded: bits >> 16))
        bytes.append(UInt8(truncatingIfNeeded: bits >> 24))
      }
      sum.update(bytes)
    }
    self.init(
      role: role, name: name,
      path: (image as? Image)?.path ?? (image as? FileImage)?.info.path, shape: image.shape,
      axes: image.axes, type: image.stored.rawValue, checksum: sum.hexadecimal)
  }
}
