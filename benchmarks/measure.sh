#!/usr/bin/env bash
# Measures everything that docs/performance.md reports, and writes its tables. Takes about an hour; the machine should have nothing else to do.
# usage: measure.sh RESULTS --data DIR [--compare SCRIPT] [--only "PART ..."]
#   RESULTS   folder for the files, made if it is not there; what was measured before stays unless it is measured again
#   --data    folder of the files of MNIST
#   --compare the script that runs the yardstick on libtorch in turns (compare.py PROJECT_DIR); without it the ratios are left out
#   --only    some of: workloads compare scaling sweep memory epochs cold-start
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
results=$1; shift
data= compare= parts="workloads compare scaling sweep memory epochs cold-start"
while [ $# -gt 0 ]; do
  case $1 in
    --data) data=$2 ;;
    --compare) compare=$2 ;;
    --only) parts=$2 ;;
    *) echo "measure.sh: there is no option $1" >&2; exit 2 ;;
  esac
  shift 2
done
mkdir -p "$results"; results=$(cd "$results" && pwd)
threads=$(nproc); [ "$threads" -le 8 ] || threads=8
dotnet build "$here/Cajal.Benchmarks" -c Release -v q -nologo >&2
cajal() { dotnet run --no-build -c Release --project "$here/Cajal.Benchmarks" -- "$@"; }
wants() { case " $parts " in *" $1 "*) return 0 ;; *) return 1 ;; esac; }

python3 "$here/machine.py" > "$results/machine.json"
if wants workloads; then for n in 1 2; do cajal workloads --threads $n --seconds 1 > "$results/workloads-$n.jsonl"; done; fi
if wants compare && [ -n "$compare" ]; then for n in 1 2; do "$compare" "$here/.." --threads $n | tee "$results/compare-$n.txt"; done; fi
if wants scaling; then cajal scaling --threads "$threads" --seconds 1 > "$results/scaling.jsonl"; fi
if wants sweep; then cajal sweep --seconds 1 > "$results/sweep.jsonl"; fi
if wants memory; then "$here/peers/memory.sh" --seconds 40 --lines "$results/memory.jsonl"; fi
if wants epochs && [ -n "$data" ]; then "$here/peers/epochs.sh" --data "$data" --epochs 2 --lines "$results/epochs.jsonl"; fi
if wants cold-start; then "$here/cold_start.py" --native > "$results/cold-start.jsonl"; fi
"$here/report.py" write "$results"
