#!/bin/sh
# Builds the checks of the kernels as a program and runs them: run.sh [compiler flags], such as
# -fsanitize=address.
set -e
here=$(cd "$(dirname "$0")" && pwd)
checks=$here/..
sources=$here/../../../Sources
program=${TMPDIR:-/tmp}/dn-kernel-checks
clang -std=gnu17 -O2 -g -fno-math-errno -Wall -Wextra "$@" \
  -I"$checks" -I"$checks/include" -I"$sources/CKernels/include" -I"$sources/CSupport/include" \
  "$here/main.c" "$checks"/*.c "$sources"/CKernels/*.c "$sources"/CSupport/*.c \
  -o "$program" -lm -lpthread
exec "$program"
