import Denoise
import Graphics
import Lang
import TensorEngine

struct CompareCommand: Command {
  static let name = "compare"
  static let summary =
    "a labelled row of panels with one contrast, an inset, the difference, and a table"
  static let details = """
    The last image is what the others are compared with; PSNR and SSIM against it are in the table
    and under the panels. Panels are named after their variables, or by `labels=`.
    """
  static let group = "Pictures"
  static let examples = [Example("compare noisy clean truth to=\"first-light.png\"")]

  @Rest("images or lists of images, the reference last", atLeast: 1)
  var images: [Either<Image, [Image]>]
  @Option("names of the panels") var labels: [String]?
  @Option("index along z") var z: Int?
  @Option("index along y") var y: Int?
  @Option("index along x") var x: Int?
  @Option("index of the sample") var s: Int?
  @Option("values drawn black and white: `[lo, hi]`") var range: [Double]?
  @Option("percentiles drawn black and white: `[1, 99]`") var percentile: [Double]?
  @Option("colour map") var cmap: ColormapName = .gray
  @Option("greatest possible value for PSNR and SSIM", in: 1e-30...) var peak: Double?
  @Option("file to write to: .png or .svg") var to: String?

  func run(in context: Context) throws -> Value {
    guard pictures.count >= 2, let truth = pictures.last else {
      throw LangError(
        "one image has nothing to be compared with", hint: "the reference comes last",
        argument: "images")
    }
    let names = try panelNames(context)
    if Provenance.isResult(truth) {
      context.note(
        "the last image is itself a result: PSNR and SSIM tell how far the others are from it")
    }
    let peak = self.peak ?? Metrics.peak(of: truth)
    var table = Table(["image", "psnr", "ssim"])
    var panels: [ComparisonFigure.Panel] = []
    for (index, (name, image)) in zip(names, pictures).enumerated() {
      guard image.shape == truth.shape else {
        throw LangError(
          "`\(name)` is \(image.shape.asShape), `\(names.last ?? "")` \(truth.shape.asShape)",
          hint: "images that are compared have one shape")
      }
      var caption = "reference"
      if index < pictures.count - 1 {
        let psnr = try Metrics.psnr(image.tensor, truth: truth.tensor, peak: peak)
        let ssim = try? Metrics.ssim(image, truth: truth, peak: peak)
        table.append([
          "image": .string(name), "psnr": .number(psnr),
          "ssim": ssim.map(Value.number) ?? Value.none,
        ])
        caption = "PSNR \(NumberText.fixed(psnr, 2)) dB"
        if let ssim { caption += "  SSIM \(NumberText.fixed(ssim, 3))" }
      }
      panels.append(.init(name, image, caption: caption))
    }
    if let to {
      var options = ComparisonFigure.Options()
      for (letter, index) in [("z", z), ("y", y), ("x", x), ("s", s)] {
        if let index { options.index[Character(letter)] = index }
      }
      options.contrast = try Contrast.chosen(range: range, percentile: percentile)
      options.colormap = try Colormap(named: cmap.name)
      try context.write(
        ComparisonFigure(panels, reference: panels.count - 1, options: options), to: to)
    }
    return .table(table)
  }

  private var pictures: [Image] { images.flatMap(\.images) }

  private func panelNames(_ context: Context) throws -> [String] {
    if let labels {
      guard labels.count == pictures.count else {
        throw LangError("\(labels.count) labels for \(pictures.count) images", argument: "labels")
      }
      return labels
    }
    let written = images.count == pictures.count ? context.given["images"] ?? [] : []
    return pictures.indices.map { index in
      index < written.count && written[index].allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
        ? written[index] : "image \(index + 1)"
    }
  }
}
