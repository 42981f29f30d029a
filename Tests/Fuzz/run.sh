#!/bin/sh
# Fuzzes the readers of all formats and the language: libFuzzer, guided by coverage, with
# AddressSanitizer.
#
# Usage: Tests/Fuzz/run.sh [SECONDS [TARGET …]]: 600 seconds each by default. Inputs that lead
# somewhere are kept in .build-fuzz/corpus/TARGET; what crashes, leaks or hangs is written to
# .build-fuzz/found/TARGET, and the script ends with status 1. So it does where a process that reads
# for the program fails in the program's own code; where it fails in a library, the file is refused.
set -eu
cd "$(dirname "$0")/../.."
seconds=${1:-600}
[ $# -gt 0 ] && shift
library=$(clang --print-resource-dir)/lib/linux/libclang_rt.fuzzer_no_main-$(uname -m).a
DN_FUZZ=$library swift build -c release --scratch-path .build-fuzz --product dn-fuzz \
  --sanitize=address -Xcc -fsanitize=fuzzer-no-link \
  -Xswiftc -sanitize-coverage=edge,inline-8bit-counters,pc-table,trace-cmp 2>&1 |
  grep -E "error:|Compiling|Build" | tail -3
fuzzer=.build-fuzz/release/dn-fuzz
# A library that asks for absurd sizes gets no memory, as outside of the sanitizer. Processes that read
# for the fuzzer may fail by the thousand; their reports are not put into words one by one.
export ASAN_OPTIONS=allocator_may_return_null=1:max_allocation_size_mb=2000:symbolize=0
status=0
for target in ${*:-png tif jpg h5 npy npz safetensors mrc json csv mtx gz bz2 zarr yaml language}; do
  corpus=.build-fuzz/corpus/$target
  found=.build-fuzz/found/$target
  mkdir -p "$corpus" "$found"
  "$fuzzer" "$target" --seeds "$corpus"
  # Files of others, where they stand beside the checkout, are seeds too.
  find ../shared/data -name "*.$target" -size -20k -exec cp -n {} "$corpus" \; 2>/dev/null || true
  kept=Tests/FormatsTests/Corpus/$target
  [ -d "$kept" ] || kept=
  # A process that reads HDF5 may compute for five seconds, and shares the processor: no more is a hang.
  # The fuzzer may hang in the midst of its own report: it is ended after a while.
  timeout -k 5 $((seconds + 60)) "$fuzzer" "$target" "$corpus" $kept \
    -max_total_time="$seconds" -timeout=30 -rss_limit_mb=3000 -max_len=8192 \
    -artifact_prefix="$found/" -print_final_stats=1 >".build-fuzz/$target.log" 2>&1 || status=1
  echo "$target: $(grep -E "stat::number_of_executed_units" ".build-fuzz/$target.log" |
    sed 's/.* //') inputs, coverage $(grep -oE "cov: [0-9]+" ".build-fuzz/$target.log" |
    tail -1 | sed 's/cov: //'), $(ls "$found" | wc -l) found"
  faults=$(Tests/Fuzz/own-faults.sh "$fuzzer" ".build-fuzz/$target.log")
  [ -z "$faults" ] || { echo "$faults"; status=1; }
done
exit $status
