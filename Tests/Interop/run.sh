#!/bin/sh
# Checks files against the programs of others: what they write is read here, what is written here is
# read there, and what goes through this program comes out as it went in.
#
# Usage: Tests/Interop/run.sh [PYTHON]. Without a Python of its own it makes a virtual environment in
# .build/interop and installs Tests/Interop/requirements.txt there.
set -eu
cd "$(dirname "$0")/../.."
python=${1:-${INTEROP_PYTHON:-}}
if [ -z "$python" ]; then
  python=.build/interop/bin/python
  if [ ! -x "$python" ]; then
    python3 -m venv .build/interop
    "$python" -m pip install --quiet -r Tests/Interop/requirements.txt
  fi
fi
exec "$python" Tests/Interop/interop.py "${DN:-.build/release/dn}"
