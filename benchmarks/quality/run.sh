#!/bin/sh
# What dn's methods and its peers reach on the same arrays, at equal minutes; see README.md.
# run.sh DATA [MINUTES] [METHODS] [PICTURES]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
data=${1:?usage: run.sh DATA [MINUTES] [METHODS] [PICTURES]}
minutes=${2:-1}
methods=${3:-auto,n2v,n2s,zsn2n}
dn=${DN:-$here/../../.build/release/dn}
python=${PYTHON:-python3}
out=${OUT:-$(mktemp -d)}
pictures=
[ $# -lt 4 ] || pictures="pictures=$4"
echo "dn, $minutes min a training, two threads"
"$dn" "$here/quality.dn" "$data" "$out" "minutes=$minutes" "methods=$methods" $pictures
if "$python" -c "import numpy" 2>/dev/null; then
  echo "peers, the same arrays, $minutes min a training, two threads"
  "$python" "$here/peers.py" "$out" "$minutes"
else
  echo "no peers: PYTHON names no python with numpy"
fi
