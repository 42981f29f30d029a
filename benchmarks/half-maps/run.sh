#!/bin/sh
# The half-map project from download to report, beside a PyTorch U-Net with the same minutes.
# usage: run.sh MAPS FOLDER [MINUTES [PYTHON [SHIFT]]]   (MAPS holds betaGal.mrc and EMD-3001.map)
# PYTHON has torch, numpy and mrcfile; without it there is no U-Net beside, and no look by mrcfile.
# SHIFT, a number, draws other noise and other particles.
set -e
here=$(cd "$(dirname "$0")" && pwd)
dn=${DN:-$here/../../.build/release/dn}
maps=$1 folder=$2 minutes=${3:-1.5} python=$4 shift=${5:-0}
mkdir -p "$folder/served" "$folder/truth" "$folder/project/1.5" "$folder/project/2.5"
echo "$(date -u +%F), $(nproc) threads of $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1), $minutes minutes"
"$dn" "$here/simulate.dn" "$maps" "$folder" "$shift"
rm -f "$folder/port"
python3 "$here/server.py" "$folder/served" "$folder/port" 2> "$folder/server.log" &
server=$!
trap 'kill $server' EXIT
while [ ! -s "$folder/port" ]; do sleep 0.1; done
peak() { python3 -c '
import resource, subprocess, sys, time
start = time.time()
status = subprocess.call(sys.argv[1:])
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(f"{time.time() - start:.0f} s, processor {usage.ru_utime + usage.ru_stime:.0f} s, "
      f"peak resident {usage.ru_maxrss / 1e6:.2f} GB", flush=True)
sys.exit(status)' "$@"; }
# What `proc` wrote, under names without the epoch.
gather() {
  mkdir -p "$folder/$1"
  for file in "$folder"/project/out/*/denoised/emd_*.mrc; do
    cp "$file" "$folder/$1/$(basename "$file" | sed 's/_e[0-9]*//')"
  done
}

echo "dn, from download to report:"
peak "$dn" "$here/../../examples/half-maps.dn" "$folder/project" "$minutes" "http://127.0.0.1:$(cat "$folder/port")"
gather proc
if [ -n "$python" ]; then
  echo "PyTorch, training and prediction:"
  peak "$python" "$here/torch_unet.py" "$folder/project" "$minutes" "$folder/torch"
  "$python" "$here/validate.py" "$folder/project" "$folder/truth/emd_1.mrc=$maps/betaGal.mrc" \
    "$folder/truth/emd_2.mrc=$maps/EMD-3001.map"
fi
# The network's results as they are, for the comparison only.
mv "$folder/project/out/"*/denoised "$folder/kept"
"$dn" -c "proc \"$folder/project\" mix=false" > "$folder/network.log"
gather network
rm -r "$folder/project/out/"*/denoised
mv "$folder/kept" "$(echo "$folder"/project/out/*)/denoised"
"$dn" "$here/judge.dn" "$folder"
