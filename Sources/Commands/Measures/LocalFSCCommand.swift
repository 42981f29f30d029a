import Denoise
import Lang
import TensorEngine

struct LocalFSCCommand: Command {
  static let name = "local_fsc"
  static let summary = "a map of local resolution, from shell correlations in windows"
  static let details = """
    In a soft window about each point of a grid, the length at which the Fourier shell correlation \
    of the two images falls below the threshold (Cardone et al. 2013); in the voxel's unit. The \
    smaller the length, the finer.
    """
  static let group = "Measures"
  static let examples = [Example("local = local_fsc noisy clean window=16 step=8")]

  @Argument("one image or volume") var a: Image
  @Argument("the other") var b: Image
  @Option("side of a window, in voxels", in: 8...) var window = 20
  @Option("voxels from window to window", in: 1...) var step = 5
  @Option("correlation that still counts", in: 1e-6..<1) var threshold: Double = 0.5

  func run(in context: Context) throws -> Value {
    let local = try LocalCorrelation(window: window, step: step, threshold: threshold)
    let (progress, started) = (context.progress, ContinuousClock.now)
    let map = try local.map(a, b) { done in
      progress.show(
        ProgressUpdate(
          task: "local_fsc", done: done, seconds: started.duration(to: .now).seconds))
    }
    progress.finish()
    return .image(map)
  }
}
