import Denoise
import Graphics
import Lang
import TensorEngine

/// What is drawn over the progress of a training: its curves as they grow, and a preview.
final class TrainingPanel {
  private var steps: [Double] = []
  /// Steps that a kept one stands for.
  private var stride = 1
  private var counted = 0
  private var epochs: [EpochRecord] = []
  private let preview: TrainingPreview?
  private let screen: Screen

  private static let mostSteps = 400
  private static let lines = 9
  private static let narrowest = 46

  init(_ preview: TrainingPreview?, _ screen: Screen) {
    self.preview = preview
    self.screen = screen
  }

  func add(_ report: Trainer.Report) {
    if counted % stride == 0 { steps.append(report.loss) }
    counted += 1
    if steps.count > TrainingPanel.mostSteps {
      steps = steps.indices.filter { $0 % 2 == 0 }.map { steps[$0] }
      stride *= 2
    }
    if let record = report.record { epochs.append(record) }
  }

  /// The panel in lines of at most `columns` letters; none where there is no room for it.
  func drawn(columns: Int, rows: Int) -> [String] {
    guard columns >= TrainingPanel.narrowest, rows >= 2 * TrainingPanel.lines else { return [] }
    let picture = pictureLines(columns: columns)
    let width = picture.map { columns - $0.width - 2 } ?? columns
    guard let curve = curveLines(columns: min(width, 90)) else { return picture?.lines ?? [] }
    guard let picture else { return curve }
    let count = max(picture.lines.count, curve.count)
    return (0..<count).map { row in
      let left =
        row < picture.lines.count
        ? picture.lines[row] : String(repeating: " ", count: picture.width)
      return left + "  " + (row < curve.count ? curve[row] : "")
    }
  }

  private func curveLines(columns: Int) -> [String]? {
    let plot: Plot
    if epochs.count > 2 {
      // The first epochs fall so far that what follows would be flat.
      let epochs = Array(self.epochs.dropFirst(self.epochs.count > 6 ? self.epochs.count / 4 : 0))
      let numbers = epochs.map { Double($0.epoch) }
      var curves = [("loss", epochs.map(\.loss))]
      if epochs.contains(where: { $0.validation != nil }) {
        curves.append(("validation", epochs.map { $0.validation ?? .nan }))
      }
      plot = Plot.losses(epochs: numbers, curves)
    } else {
      guard steps.count > 3 else { return nil }
      plot = Plot(
        x: Axis("step"), y: Axis("loss"),
        series: [
          Series("loss", x: steps.indices.map { Double($0 * stride) }, y: steps)
        ])
    }
    let text = TextPlot(
      plot, columns: columns, rows: TrainingPanel.lines, color: screen.colors != .none)
    return try? text.drawn().split(separator: "\n").map(String.init)
  }

  private func pictureLines(columns: Int) -> (lines: [String], width: Int)? {
    guard columns >= 80, screen.colors != .none, let raster = preview?.raster else { return nil }
    let text = TextPicture.drawn(
      raster, columns: min(36, columns / 3), rows: TrainingPanel.lines + 3, depth: screen.depth)
    let lines = text.split(separator: "\n").map(String.init)
    let width = lines.first.map { $0.filter { $0 == "▀" }.count } ?? 0
    return width > 0 ? (lines, width) : nil
  }
}
