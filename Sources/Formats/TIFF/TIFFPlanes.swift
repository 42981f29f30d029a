import TensorEngine

/// Which pages make up an image, and what their order means.
struct TIFFPlanes {
  /// A page of this file, or of another one of the same set.
  struct Place: Equatable {
    /// nil for the file itself.
    let file: String?
    let page: Int
  }

  /// Axis letters over the pages, slowest first.
  var axes: String
  /// Sizes over the pages.
  var shape: [Int]
  /// As many as the product of `shape`, row-major.
  var places: [Place]
  /// Voxel sizes by axis letter, in `unit`.
  var voxel: [Character: Double] = [:]
  var unit: String?
  var channels: [String]?
  /// Whether values were measured and a palette only colours them.
  var ignoresPalette = false
  var notes: [String] = []

  /// Pages that are one image without further word: samples.
  init(pages: [Int]) {
    let isOne = pages.count == 1
    axes = isOne ? "" : "S"
    shape = isOne ? [] : [pages.count]
    places = pages.map { Place(file: nil, page: $0) }
    if !isOne { notes.append(TIFFPlanes.samplesNote(pages.count)) }
  }

  /// What to say where nothing in the file says what its pages are.
  static func samplesNote(_ count: Int) -> String {
    "its \(count) pages were taken as samples; axes=\"ZYX\" reads a volume"
  }

  init(axes: String, shape: [Int], places: [Place]) {
    self.axes = axes
    self.shape = shape
    self.places = places
  }

  /// Leaves out dimensions of one element.
  mutating func dropSingles() {
    let kept = zip(axes, shape).filter { $1 != 1 }
    axes = String(kept.map(\.0))
    shape = kept.map(\.1)
  }

  /// Unit names as programs write them.
  static func unitName(_ text: String) -> String? {
    switch text {
    case "micron", "microns", "um", "\u{b5}m", "\u{3bc}m", "\\u00B5m", "micrometer", "micrometre":
      "um"
    case "nm", "nanometer", "nanometers", "nanometre": "nm"
    case "A", "\u{c5}", "\u{212b}", "\\u00C5", "Angstrom", "angstrom", "angstroms": "A"
    case "mm", "millimeter", "millimeters", "millimetre": "mm"
    case "pm", "picometer": "pm"
    default: nil
    }
  }
}
