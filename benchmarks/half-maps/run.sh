#!/bin/sh
# The half-map project from download to report, beside a PyTorch U-Net with the same minutes.
# usage: run.sh MAPS FOLDER [MINUTES [PYTHON]]   (MAPS holds betaGal.mrc and EMD-3001.map)
set -e
here=$(cd "$(dirname "$0")" && pwd)
dn=${DN:-$here/../../.build/release/dn}
maps=$1 folder=$2 minutes=${3:-1.5} python=${4:-python3}
mkdir -p "$folder/served" "$folder/truth" "$folder/project/1.5" "$folder/project/2.5"
"$dn" "$here/simulate.dn" "$maps" "$folder"
rm -f "$folder/port"
python3 "$here/server.py" "$folder/served" "$folder/port" 2> "$folder/server.log" &
server=$!
trap 'kill $server' EXIT
while [ ! -s "$folder/port" ]; do sleep 0.1; done
peak() { python3 -c '
import resource, subprocess, sys
status = subprocess.call(sys.argv[1:])
print(f"peak memory {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6:.2f} GB")
sys.exit(status)' "$@"; }
peak "$dn" "$here/../../examples/half-maps.dn" "$folder/project" "$minutes" "http://127.0.0.1:$(cat "$folder/port")"
