/// What a file looks like that no format knows, so that the user sees what went wrong.
struct ContentGuess {
  /// One clause without a full stop.
  let sentence: String

  init(_ head: FileHead) {
    if let known = ContentGuess.mark(of: head) {
      sentence = "it looks like \(known.what)"
    } else if head.isText {
      let text = String(decoding: head.bytes.prefix(512), as: UTF8.self).lowercased()
      sentence =
        text.contains("<html") || text.contains("<!doctype")
        ? "it looks like a web page: the download gave a page in the place of the file"
        : "it looks like plain text"
    } else if head.bytes.allSatisfy({ $0 == 0 }) {
      sentence = "it starts with zeros: it was reserved on the disk and not written"
    } else {
      let start = head.bytes.prefix(4).map { byte in
        let digits = String(byte, radix: 16)
        return digits.count < 2 ? "0\(digits)" : digits
      }
      sentence = "it starts with the bytes \(start.joined(separator: " ")), which no format uses"
    }
  }

  /// Whether the content bears the mark of something that is not read.
  static func knows(_ head: FileHead) -> Bool { mark(of: head) != nil }

  private static func mark(of head: FileHead) -> Mark? {
    marks.first { head.has($0.bytes, at: $0.position) }
  }

  private struct Mark {
    let bytes: [UInt8]
    let position: Int
    let what: String

    init(_ text: String, at position: Int = 0, _ what: String) {
      self.init(Array(text.utf8), at: position, what)
    }

    init(_ bytes: [UInt8], at position: Int = 0, _ what: String) {
      self.bytes = bytes
      self.position = position
      self.what = what
    }
  }

  private static let marks: [Mark] = [
    Mark("version https://git-lfs", "a pointer of Git LFS: fetch the file with `git lfs pull`"),
    Mark("GIF8", "a GIF picture: convert it to PNG first"),
    Mark("BM", "a BMP picture: convert it to PNG first"),
    Mark("%PDF", "a PDF document"),
    Mark("%!PS", "a PostScript document"),
    Mark("<?xml", "XML text"),
    Mark("RIFF", "a RIFF file (WebP, WAV or AVI): convert it first"),
    Mark("ftyp", at: 4, "a video or HEIF picture: convert it first"),
    Mark("jP  ", at: 4, "a JPEG 2000 picture: convert it to TIFF first"),
    Mark("SIMPLE  =", "a FITS file: convert it to TIFF or NPY first"),
    Mark("NRRD000", "an NRRD volume: convert it to MRC or TIFF first"),
    Mark("MATLAB 5.0 MAT-file", "a MATLAB file: save it with -v7.3 (HDF5) there"),
    Mark("CDF", "a netCDF file: convert it to HDF5 first"),
    Mark([0x7f, 0x45, 0x4c, 0x46], "a program"),
    Mark("Rar!", "a RAR archive: unpack it first"),
    Mark([0x37, 0x7a, 0xbc, 0xaf], "a 7-Zip archive: unpack it first"),
    Mark([0xfd, 0x37, 0x7a, 0x58, 0x5a], "an xz-packed file: unpack it first"),
    Mark([0x28, 0xb5, 0x2f, 0xfd], "a zstd-packed file: unpack it first"),
    Mark("ustar", at: 257, "a tar archive: unpack it first"),
    Mark("PK\u{3}\u{4}", "a ZIP archive (or a PyTorch file, which is one): unpack it first"),
    Mark([0, 0, 0, 3], "a Gatan DM3 file: convert it to MRC or TIFF first"),
    Mark([0, 0, 0, 4], "a Gatan DM4 file: convert it to MRC or TIFF first"),
    Mark([0x80, 2], "a Python pickle, which cannot be read safely: save it as .npy there"),
    Mark([0x80, 3], "a Python pickle, which cannot be read safely: save it as .npy there"),
    Mark([0x80, 4], "a Python pickle, which cannot be read safely: save it as .npy there"),
    Mark([0x80, 5], "a Python pickle, which cannot be read safely: save it as .npy there"),
  ]
}
