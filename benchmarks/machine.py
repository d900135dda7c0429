#!/usr/bin/env python3
"""What the machine is that measures, as a JSON object: processor, vectors, caches, memory, system, versions."""
import json
import os
import platform
import subprocess


def first(path, key):
    """The first value of a key in a file of lines "key: value"."""
    with open(path) as file:
        return next((line.split(":", 1)[1].strip() for line in file if line.split(":")[0].strip() == key), "unknown")


def text(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "not installed"


def release():
    with open("/etc/os-release") as file:
        return dict(line.rstrip().split("=", 1) for line in file if "=" in line)["PRETTY_NAME"].strip('"')


flags = first("/proc/cpuinfo", "flags").split()
print(json.dumps({
    "processor": f"{first('/proc/cpuinfo', 'model name')}, {os.cpu_count()} cores",
    "vectors": "AVX-512" if "avx512f" in flags else "AVX2" if "avx2" in flags else "128 bits",
    "last cache": next((line.split(":", 1)[1].strip() for line in text("lscpu").splitlines() if line.startswith("L3 cache")), "unknown"),
    "memory": f"{int(first('/proc/meminfo', 'MemTotal').split()[0]) / (1 << 20):.0f} GiB",
    "system": f"{release()}, Linux {platform.release()}",
    ".NET": text("dotnet", "--version"),
    "load when it began": f"{os.getloadavg()[0]:.2f}",
}, indent=2))
