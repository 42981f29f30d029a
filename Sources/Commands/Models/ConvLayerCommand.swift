import Denoise
import Lang

struct ConvLayerCommand: LayerCommand {
  static let name = "conv"
  static let summary = "a convolution that keeps the size, as a layer of `chain`"
  @Argument("filters", in: 1...4096) var filters = 32
  @Argument("side, odd", in: 1...31) var kernel = 3
  var link: Chain.Link { .conv(filters: filters, kernel: kernel) }
}
