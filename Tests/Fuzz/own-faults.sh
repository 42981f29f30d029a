#!/bin/sh
# The faults in a fuzzer's log that processes which read for the program had in the program's own code,
# and not in a library it gave the file to: their innermost frames, a line each.
#
# Usage: Tests/Fuzz/own-faults.sh FUZZER LOG
set -eu
fuzzer=$1
# Of each report's first stack, the frames before any library but the C library.
awk -v program="$(basename "$fuzzer")" '
  /ERROR: AddressSanitizer/ { is_open = 1; next }
  !is_open || !/^ *#[0-9]+ / { if (is_open && was_frame) is_open = was_frame = 0; next }
  { was_frame = 1 }
  /\/libc\.so/ { next }
  match($0, program "\\+0x[0-9a-f]+") {
    print substr($0, RSTART + length(program) + 1, RLENGTH - length(program) - 1); next
  }
  { is_open = was_frame = 0 }
' "$2" | sort -u | llvm-symbolizer --obj="$fuzzer" --functions --output-style=GNU 2>/dev/null |
  paste - - | grep "/Sources/" || true
