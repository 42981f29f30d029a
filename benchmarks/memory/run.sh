#!/bin/sh
# Denoises an MRC larger than the memory it is given, end to end, with a network that was trained
# on a part of it, in one pass, and prints time, voxels a second and the peak of the resident memory of the whole
# process. Before that a volume that fits in memory is denoised both ways, in turns, twice each: loaded
# whole, predicted and saved; and streamed.
#
# Usage: benchmarks/memory/run.sh [SIDE [DEPTH [MEMORY [PART [FOLDER]]]]]; by default 1152 x 1152 x 1152
# voxels of 4 bytes (6.1 GB) with memory=2GB, beside a volume of PART (160) sections (0.85 GB), in a
# folder of its own that is removed at the end. NETWORK is what `train` is told besides; the network of
# `auto` by default.
set -eu
side=${1:-1152}
depth=${2:-$side}
memory=${3:-2GB}
part=${4:-160}
folder=${5:-}
if [ -z "$folder" ]; then
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT INT TERM
fi
dn=${DN:-.build/release/dn}
here=$(dirname "$0")
net=$folder/net.safetensors
network=${NETWORK:-method=auto}

# measured WHAT SECTIONS WORDS…: runs dn on those words.
measured() {
  what=$1
  sections=$2
  shift 2
  rm -f "$folder/clean.mrc"
  /usr/bin/time -o "$folder/time" -f "%e %U %S %M" "$dn" "$@"
  awk -v what="$what" -v voxels="$((side * side * sections))" '{
    printf "%-26s %7.1f s wall %7.1f s processor %6.2f Mvoxel/s %6.2f GB peak resident\n",
      what, $1, $2 + $3, voxels / $1 / 1e6, $4 * 1024 / 1e9 }' "$folder/time"
}

python3 "$here/make_volume.py" "$folder/part.mrc" "$part" "$side"
"$dn" -c "
  part = load \"$folder/part.mrc\" crop={z: 0..63, y: 0..127, x: 0..127}
  net = train part $network steps=20 epochs=2 seed=1 predict={mode: \"single\", samples: 1, tta: false, blend: \"none\"}
  save net \"$net\" overwrite=true"
for turn in 1 2; do
  measured "part in memory" "$part" -c "
    volume = load \"$folder/part.mrc\"
    clean = predict (load \"$net\") volume
    save clean \"$folder/clean.mrc\""
  measured "part streamed, $memory" "$part" -c "
    predict (load \"$net\") \"$folder/part.mrc\" memory=\"$memory\" to=\"$folder/clean.mrc\""
done
rm -f "$folder/part.mrc"
python3 "$here/make_volume.py" "$folder/volume.mrc" "$depth" "$side"
measured "all streamed, $memory" "$depth" -c "
  predict (load \"$net\") \"$folder/volume.mrc\" memory=\"$memory\" to=\"$folder/clean.mrc\""
ls -l "$folder/volume.mrc" "$folder/clean.mrc"
