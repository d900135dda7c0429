#!/usr/bin/env bash
# Runs one benchmark on Cajal and on every peer that is installed, in turns, and prints a table with ratios.
# usage: alternate.sh {epoch|memory} [--rounds N] [--lines FILE] [options of the benchmark]
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
benchmark=$1; shift
rounds=1 lines=$(mktemp) options=()
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
has() { "$python" -c "import $1" 2> /dev/null; }
missing() { echo "$1 is not installed and is left out ($2)." >&2; }

dotnet build "$here/../Cajal.Benchmarks" -c Release -v q -nologo >&2 || exit 1
run() {
  case $1 in
    cajal) dotnet run --no-build -c Release --project "$here/../Cajal.Benchmarks" -- "$benchmark" "${options[@]}" ;;
    torchsharp) "$here/torchsharp/run.sh" "$benchmark" "${options[@]}" ;;
    *) "$python" "$here/$1_peer.py" "$benchmark" "${options[@]}" ;;
  esac
}
engines=(cajal torchsharp)
if has torch; then engines+=(torch); else missing PyTorch "Debian: python3-torch"; fi
if has sklearn; then engines+=(sklearn); else missing scikit-learn "Debian: python3-sklearn"; fi
: > "$lines"
for _ in $(seq "$rounds"); do
  for engine in "${engines[@]}"; do
    run "$engine" | tee -a "$lines" || echo "$engine failed and is left out." >&2
  done
done
echo
"$python" "$here/../report.py" table "$benchmark" "$lines"
