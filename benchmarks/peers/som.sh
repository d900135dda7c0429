#!/usr/bin/env bash
# A self-organising map on Cajal and in NumPy, in turns: som.sh --data DIR [--updates N] [--rounds N] [--lines FILE]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
rounds=3 lines=$(mktemp) options=()
while [ $# -gt 0 ]; do
  case $1 in
    --rounds) rounds=$2; shift 2 ;;
    --lines) lines=$2; shift 2 ;;
    --data) options+=(--data "$(cd "$2" && pwd)"); shift 2 ;;
    *) options+=("$1"); shift ;;
  esac
done
# Debian's packages belong to its own Python, whatever else is called python3.
python=/usr/bin/python3; [ -x "$python" ] || python=python3
dotnet build "$here/../Cajal.Benchmarks" -c Release -v q -nologo >&2
: > "$lines"
for _ in $(seq "$rounds"); do
  dotnet run --no-build -c Release --project "$here/../Cajal.Benchmarks" -- som "${options[@]}" | tee -a "$lines"
  for dtype in float32 float64; do "$python" "$here/som_peer.py" "${options[@]}" --dtype "$dtype" | tee -a "$lines"; done
done
echo
"$python" "$here/../report.py" table som "$lines"
