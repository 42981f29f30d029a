#!/bin/sh
# Denoises an MRC larger than the memory it is given, end to end, and prints the peak of the resident
# memory and the time; then a part of it in memory, for the time a voxel takes there.
#
# Usage: benchmarks/memory/run.sh [SIDE [DEPTH [MEMORY [FOLDER]]]]; by default 1152 x 1152 x 1152
# voxels of 4 bytes (6.1 GB) with memory=2GB, in a folder of its own that is removed at the end.
set -eu
side=${1:-1152}
depth=${2:-$side}
memory=${3:-2GB}
folder=${4:-$(mktemp -d)}
dn=${DN:-.build/release/dn}
here=$(dirname "$0")

[ -f "$folder/volume.mrc" ] || python3 "$here/make_volume.py" "$folder/volume.mrc" "$depth" "$side"
[ -f "$folder/net.safetensors" ] || "$dn" -c "
  part = load \"$folder/volume.mrc\" crop={z: 0..63, y: 0..63, x: 0..63}
  net = train part method=n2v model=unet(depth=1, channels=8) patch=32 batch=4 steps=5 epochs=1 seed=1
  save net \"$folder/net.safetensors\""
rm -f "$folder/clean.mrc"
echo "streamed, memory=$memory:"
/usr/bin/time -f "%e s wall, %U s user, %M kB peak resident" "$dn" -c "
  predict (load \"$folder/net.safetensors\") \"$folder/volume.mrc\" memory=\"$memory\" to=\"$folder/clean.mrc\""
ls -l "$folder/clean.mrc"
