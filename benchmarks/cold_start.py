#!/usr/bin/env python3
"""How long the command takes to start, as a user sees it: from the start of the process to its end, or to the first line of an epoch.

cold_start.py [--runs N] [--native]     one JSON line for each command and build

The build for the runtime is made first; with --native also the program compiled ahead of time (which needs a C compiler and takes minutes), in artifacts/.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
PROJECT = os.path.join(ROOT, "src", "Cajal.Cli")


def build(*command):
    done = subprocess.run(["dotnet", *command, "-v", "q", "-nologo"], cwd=ROOT, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"dotnet {' '.join(command)} failed:\n{done.stdout}{done.stderr}")


def to_end(command):
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def to_first_epoch(command):
    """Training writes into a folder that is thrown away, and is ended as soon as it has shown an epoch."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        with subprocess.Popen([*command, "--out", folder], stdout=subprocess.PIPE, text=True) as process:
            for line in process.stdout:
                if '"epoch"' in line and json.loads(line)["event"] == "epoch":
                    seconds = time.perf_counter() - began
                    process.kill()
                    return seconds
    sys.exit(f"{' '.join(command)} ended without the line of an epoch.")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--native", action="store_true", help="also the program compiled ahead of time")
    options = parser.parse_args()
    build("build", "-c", "Release", PROJECT)
    builds = {"for the runtime": [os.path.join(PROJECT, "bin", "Release", "net10.0", "Cajal.Cli")]}
    if options.native:
        folder = os.path.join(ROOT, "artifacts", "native")
        build("publish", "-c", "Release", PROJECT, "-o", folder)
        builds["ahead of time"] = [os.path.join(folder, "cajal")]
    for engine, program in builds.items():
        for arguments, measure in ((["--help"], to_end), (["--version"], to_end), (["train", "digits", "--json"], to_first_epoch)):
            # The first run reads the files from disk.
            times = [measure([*program, *arguments]) for _ in range(options.runs + 1)][1:]
            print(json.dumps({"name": " ".join(["cajal", *arguments]), "benchmark": "cold-start", "engine": engine, "ms": round(statistics.median(times) * 1e3, 2),
                              "min_ms": round(min(times) * 1e3, 2), "runs": options.runs}), flush=True)


main()
