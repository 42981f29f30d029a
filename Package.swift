// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

/// The rooms, from the ground up; a module imports only what stands below it.
let package = Package(
  name: "dn",
  products: [.executable(name: "dn", targets: ["dn"])],
  targets: [
    // System libraries and thin C shims.
    .systemLibrary(name: "COpenBLAS", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CBzip2", providers: [.apt(["libbz2-dev"])]),
    .target(name: "CSupport", cSettings: [.unsafeFlags(["-O3"])]),
    .target(
      name: "CKernels", dependencies: ["CSupport"],
      cSettings: [.unsafeFlags(["-O3", "-fno-math-errno"])]),
    .target(name: "CCairoShim", linkerSettings: [.linkedLibrary("dl")]),
    .target(name: "CPNGShim", linkerSettings: [.linkedLibrary("png16")]),
    .target(name: "CTIFFShim", linkerSettings: [.linkedLibrary("tiff")]),
    .target(name: "CJPEGShim", linkerSettings: [.linkedLibrary("jpeg")]),
    // zstd is linked, as the TIFF library brings it anyway; libblosc is opened when it is needed.
    .target(name: "CCodecShim", linkerSettings: [.linkedLibrary("zstd")]),
    // Opens libhdf5 when it is first needed; linked, it would add 3 ms to every start.
    .target(
      name: "CHDF5Shim", dependencies: ["CSupport"], linkerSettings: [.linkedLibrary("z")]),
    // Opens libcurl when something is downloaded.
    .target(name: "CCurlShim", linkerSettings: [.linkedLibrary("dl")]),
    // Opens libzmq when the program runs as a kernel of Jupyter.
    .target(name: "CZMQShim", linkerSettings: [.linkedLibrary("dl")]),
    .target(
      name: "CReadlineShim", dependencies: ["CSupport"],
      linkerSettings: [.linkedLibrary("readline")]),

    // Ground floor: the tensor engine.
    .target(
      name: "TensorEngine", dependencies: ["CSupport", "CKernels", "COpenBLAS"],
      path: "Sources/Tensor", swiftSettings: strict),

    // First floor: they do not know of each other.
    .target(name: "Lang", dependencies: ["TensorEngine"], swiftSettings: strict),
    .target(name: "Denoise", dependencies: ["TensorEngine"], swiftSettings: strict),
    .target(
      name: "Formats",
      dependencies: [
        "TensorEngine", "CSupport", "CPNGShim", "CTIFFShim", "CJPEGShim", "CHDF5Shim", "CCodecShim",
        "CCurlShim", "CZlib", "CBzip2",
      ],
      swiftSettings: strict),
    .target(
      name: "Graphics", dependencies: ["TensorEngine", "CCairoShim", "CPNGShim"],
      swiftSettings: strict),

    // Second floor: what a user can say; and the program.
    .target(
      name: "Commands", dependencies: ["Lang", "Denoise", "Formats", "Graphics"],
      swiftSettings: strict),
    .executableTarget(
      name: "dn", dependencies: ["Commands", "CReadlineShim", "CZMQShim"],
      path: "Sources/REPL",
      swiftSettings: strict),

    .executableTarget(
      name: "engine-benchmark", dependencies: ["Denoise"], path: "benchmarks/engine",
      exclude: ["README.md", "compare.py", "precision.dn", "torch_step.py"],
      swiftSettings: strict),

    // The kernels' checks are in C, so that they also run alone under a sanitizer.
    .target(
      name: "CKernelChecks", dependencies: ["CKernels", "CSupport"], path: "Tests/KernelChecks",
      exclude: ["standalone"]),
    .testTarget(
      name: "KernelTests", dependencies: ["CKernelChecks", "CKernels", "CSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "TensorTests", dependencies: ["TensorEngine"], exclude: ["Reference"],
      swiftSettings: strict),
    .testTarget(name: "LangTests", dependencies: ["Lang"], swiftSettings: strict),
    .testTarget(name: "DenoiseTests", dependencies: ["Denoise"], swiftSettings: strict),
    .testTarget(
      name: "FormatsTests", dependencies: ["Formats"], exclude: ["Corpus", "Tables"],
      swiftSettings: strict),
    .testTarget(name: "GraphicsTests", dependencies: ["Graphics"], swiftSettings: strict),
    .testTarget(name: "CommandsTests", dependencies: ["Commands"], swiftSettings: strict),
    .testTarget(
      name: "TranscriptTests", dependencies: ["Commands"], swiftSettings: strict),
    .target(
      name: "CPseudoTerminal", path: "Tests/CPseudoTerminal",
      linkerSettings: [.linkedLibrary("util")]),
    .testTarget(name: "ProgramTests", dependencies: ["CPseudoTerminal"], swiftSettings: strict),
  ]
)

// The fuzzers need clang's runtime; Tests/Fuzz/run.sh says where it is.
if let runtime = Context.environment["DN_FUZZ"] {
  package.targets += [
    .target(
      name: "CFuzzDriver", path: "Tests/FuzzDriver",
      linkerSettings: [.unsafeFlags([runtime]), .linkedLibrary("stdc++")]),
    .executableTarget(
      name: "dn-fuzz", dependencies: ["CFuzzDriver", "Formats", "Lang"], path: "Tests/Fuzz",
      exclude: ["run.sh", "own-faults.sh"], swiftSettings: strict),
  ]
}
