#!/bin/sh
# Builds and runs the benchmark of the kernels: run.sh [nets] [f32|bf16|both] [threads ...];
# run.sh peak [threads] gives the peak of the machine alone, as JSON
set -e
here=$(cd "$(dirname "$0")" && pwd)
sources=$here/../../Sources
build=${TMPDIR:-/tmp}/dn-kernel-benchmark
mkdir -p "$build"
clang -std=gnu17 -O3 -fno-math-errno -Wall -Wextra \
  -I"$sources/CKernels/include" -I"$sources/CSupport/include" \
  "$here"/*.c "$sources"/CKernels/*.c "$sources"/CSupport/*.c -o "$build/layers" -lm -lpthread
exec "$build/layers" "$@"
