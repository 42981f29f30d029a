import Denoise
import TensorEngine

// temporary driver: raw float32 image in, PSNR out
let arguments = CommandLine.arguments
let side = Int(arguments[1])!
let method = arguments[2]
let epochs = Int(arguments[3])!
func wave(_ i: Int) -> Float {
  let (y, x) = (Float(i / side), Float(i % side))
  let d = ((x - 100) * (x - 100) + (y - 120) * (y - 120)).squareRoot()
  return (d < 50 ? 180 : 60) + 40 * Elementary.sin(x / 6) * Elementary.cos(y / 9)
}
let truth = try Image(Tensor(shape: [side, side], wave))
let noisy = try GaussianNoise(sigma: 25).applied(to: truth, seed: 1)
let data = try TrainingData(images: [noisy])
var options = try Method.named(method)!.options(.init(data))
options.epochs = epochs
print(options.listed.map { "\($0.name)=\($0.value)" }.joined(separator: " "))
let trainer = try Trainer(data, options)
let model = try trainer.run { report in
  if let r = report.record {
    print(r.epoch, r.step, r.loss, r.validation ?? -1, r.learningRate, r.seconds)
  }
}
let clock = ContinuousClock()
let t0 = clock.now
let result = try Predictor(model).predict(noisy)
print("predict", t0.duration(to: clock.now), result.passes)
print(
  try Metrics.psnr(noisy.tensor, truth: truth.tensor, peak: 255),
  try Metrics.psnr(result.image.tensor, truth: truth.tensor, peak: 255), model.parameterCount)
