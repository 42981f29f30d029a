#!/bin/sh
# What an element of a cut row costs (`TileChoice.cutRow`): a cube is denoised in tiles of whole rows and
# in cubic ones, all else the same. Prints wall and processor time of each, in two turns.
#
# Usage: benchmarks/memory/tiles.sh [SIDE [FOLDER]]: SIDE is 576 by default (0.76 GB).
set -eu
side=${1:-576}
folder=${2:-}
if [ -z "$folder" ]; then
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT INT TERM
fi
dn=${DN:-.build/release/dn}
net=$folder/net.safetensors

python3 "$(dirname "$0")/make_volume.py" "$folder/volume.mrc" "$side" "$side"
"$dn" -c "
  part = load \"$folder/volume.mrc\" crop={z: 0..63, y: 0..127, x: 0..127}
  net = train part method=auto steps=20 epochs=2 seed=1 predict={mode: \"single\", samples: 1, tta: false, blend: \"none\"}
  save net \"$net\" overwrite=true"
for turn in 1 2; do
  for tile in "308, 308, 308" "220, 220, $side"; do
    rm -f "$folder/clean.mrc"
    /usr/bin/time -o "$folder/time" -f "%e %U" "$dn" -c "
      predict (load \"$net\") \"$folder/volume.mrc\" tile=[$tile] to=\"$folder/clean.mrc\""
    awk -v tile="[$tile]" '{ printf "%-20s %6.1f s wall %6.1f s processor\n", tile, $1, $2 }' "$folder/time"
  done
done
