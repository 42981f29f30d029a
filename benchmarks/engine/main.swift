import Denoise
import Foundation
import TensorEngine

// Times training steps or predictions of one network:
//   engine-benchmark NET train|infer [steps=8] [warmup=2] [batch=N] [size=N] [threads=2]
//     [engine=native|reference] [precision=f32|bf16] [profile=true]
// Prints one line of JSON, as torch_step.py --json does.

let arguments = CommandLine.arguments.dropFirst()
let words = arguments.filter { !$0.contains("=") }
let settings = Dictionary(
  arguments.filter { $0.contains("=") }.map { argument in
    let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
    return (parts[0], parts.count > 1 ? parts[1] : "")
  }, uniquingKeysWith: { $1 })
guard words.count == 2, let net = Net(rawValue: words[0]), ["train", "infer"].contains(words[1])
else {
  print(
    "usage: engine-benchmark \(Net.allCases.map(\.rawValue).joined(separator: "|")) train|infer")
  exit(2)
}

let number = { (name: String, standard: Int) in settings[name].flatMap { Int($0) } ?? standard }

let isTraining = words[1] == "train"
Parallel.threads = number("threads", 2)
let shape = net.shape(
  batch: number("batch", isTraining ? net.batch : 1),
  size: number("size", isTraining ? net.size : net.inferenceSize))
let engine = settings["engine"].flatMap(Engine.init(rawValue:)) ?? .native
let precision = settings["precision"].flatMap(Precision.init(rawValue:)) ?? .f32
let bench = try StepBench(
  net, shape: shape, isTraining: isTraining, engine: engine, precision: precision)
for _ in 0..<number("warmup", 2) { try bench.once() }
bench.plan.isMeasured = settings["profile"] != nil
let clock = ContinuousClock()
let times = try (0..<number("steps", 8)).map { _ in
  try clock.measure { try bench.once() } / .milliseconds(1)
}.sorted()
let median = times[times.count / 2]
let operations = try net.operations(shape)
let work = isTraining ? operations.step : operations.forward
let pixels = Double(shape.reduce(1, *) / net.channels)
let peak = Double(SystemMemory.peakResident) / Double(1 << 20)
print(
  """
  {"net": "\(net.rawValue)", "mode": "\(words[1])", "engine": "\(engine.rawValue)", \
  "dtype": "\(precision.rawValue)", \
  "threads": \(Parallel.threads), "ms_min": \(times[0]), "ms_median": \(median), \
  "ms_max": \(times[times.count - 1]), "conv_gflop": \(work / 1e9), \
  "gflops": \(work / 1e6 / median), "voxels_per_s": \(pixels * 1e3 / median), \
  "plan_mib": \(Double(bench.bytes) / Double(1 << 20)), "peak_rss_mib": \(peak), \
  "loss": \(bench.loss)}
  """)
if settings["profile"] != nil { print(bench.profile) }
