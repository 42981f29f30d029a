// A fuzzer for each format and for the language: `dn-fuzz TARGET CORPUS… [options of libFuzzer]`.
// Built and run by Tests/Fuzz/run.sh.
import CFuzzDriver
import Glibc

guard CommandLine.arguments.count > 2, let target = Target(named: CommandLine.arguments[1]) else {
  print("usage: dn-fuzz TARGET CORPUS… [options]\ntargets: \(Target.names.joined(separator: " "))")
  exit(2)
}
if CommandLine.arguments[2] == "--seeds", CommandLine.arguments.count == 4 {
  target.writeSeeds(to: CommandLine.arguments[3])
  exit(0)
}
chosen = target
let arguments = [CommandLine.arguments[0]] + CommandLine.arguments.dropFirst(2)
exit(
  dn_fuzz_run(Int32(arguments.count), arguments.map { strdup($0) }) { bytes, count in
    chosen?.run(Array(UnsafeBufferPointer(start: bytes, count: count)))
  })
