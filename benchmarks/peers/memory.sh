#!/usr/bin/env bash
# Resident memory of the training workloads on Cajal and its peers: memory.sh [--threads N] [--steps N] [--seconds S] [--only PREFIX] [--rounds N] [--lines FILE]
exec "$(dirname "$0")/alternate.sh" memory "$@"
