#!/bin/sh
# How long `load` takes beside the plain reading of the same bytes, for uncompressed files that the
# system has in its cache.
#
# Usage: benchmarks/io/run.sh [DEPTH [FOLDER]]: DEPTH sections of 1024 x 1024 (128: 537 MB as float32)
# are written in each format, into a folder of its own that is removed at the end. Prints for each the
# median of fifteen loads and of fifteen plain readings into fresh memory (plain.c, one thread), five of
# each in turn, since machines are shared, and the ratio of both.
set -eu
depth=${1:-128}
folder=${2:-}
if [ -z "$folder" ]; then
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT INT TERM
fi
dn=${DN:-.build/release/dn}
clang -O2 -o "$folder/plain" "$(dirname "$0")/plain.c"

median() { sort -g "$1" | sed -n 8p; }

printf '%-28s %8s %9s %9s %7s\n' file MB load plain ratio
for case in mrc:float32 mrc:int16 mrc:int8 npy:float32 npy:float64 npy:uint16 tif:float32 \
  tif:uint16 tif:uint8 h5:float32 h5:uint16 mrc:float16; do
  ending=${case%:*}
  type=${case#*:}
  file=$folder/image.$ending
  "$dn" -c "
    section = round(40 * randn([1024, 1024]))
    volume = zeros([$depth, 1024, 1024])
    for z in 0..$((depth - 1)) { volume[z] = abs(section - z) mod 100 }
    save volume \"$file\" dtype=$type compress=none overwrite=true" >/dev/null
  cat "$file" >/dev/null
  : >"$folder/load"
  : >"$folder/plain.times"
  for turn in 1 2 3; do
    "$dn" -c "
      volume = load \"$file\"
      for round in 1..5 {
        volume = none
        print (time { volume = load \"$file\" })
      }" >>"$folder/load"
    "$folder/plain" "$file" 5 >>"$folder/plain.times"
  done
  echo "$case $(stat -c %s "$file") $(median "$folder/load") $(median "$folder/plain.times")" |
    awk '{ printf "%-28s %8.0f %8.3fs %8.3fs %7.2f\n", $1, $2 / 1e6, $3, $4, $3 / $4 }'
  rm -f "$file"
done
