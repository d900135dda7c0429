#!/usr/bin/env bash
# Epochs of MNIST on Cajal and its peers: epochs.sh --data DIR [--threads N] [--epochs N] [--only PREFIX] [--rounds N] [--lines FILE]
exec "$(dirname "$0")/alternate.sh" epoch "$@"
