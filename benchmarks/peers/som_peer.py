#!/usr/bin/python3
"""A self-organising map trained image by image in NumPy, as MiniSom does it: every step is a few operations on whole arrays. The same work as `Cajal.Benchmarks som`: som_peer.py [options]"""
import argparse
import os
import time

# One thread, whatever library is behind NumPy; it reads these when it is loaded.
for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "BLIS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import numpy as np

import mnist
from usage import show

SIDE, IMAGES = 20, 10_000
arguments = argparse.ArgumentParser(description=__doc__)
arguments.add_argument("--data", default=os.environ.get("CAJAL_DATA", "."))
arguments.add_argument("--updates", type=int, default=10_000)
arguments.add_argument("--dtype", choices=["float32", "float64"], default="float32", help="MiniSom computes in float64; float32 is what Cajal computes in")
options = arguments.parse_args()


def fall(first, last, share):
    return first * (last / first) ** share


def train(units, data, updates, order):
    """w <- w + rate * exp(-d^2 / 2 radius^2) * (x - w) for all units."""
    places = np.stack(np.divmod(np.arange(SIDE * SIDE), SIDE), axis=1)
    for step in range(updates):
        share = step / (updates - 1)
        difference = data[order[step % len(order)]] - units
        best = np.einsum("ui,ui->u", difference, difference).argmin()
        squares = ((places - places[best]) ** 2).sum(axis=1)
        influence = fall(0.5, 0.01, share) * np.exp(squares / (-2 * fall(10, 1, share) ** 2))
        difference *= influence.astype(units.dtype)[:, None]
        units += difference


def quantisation_error(units, data):
    squares = (data ** 2).sum(axis=1)[:, None] + (units ** 2).sum(axis=1) - 2 * data @ units.T
    return float(np.sqrt(np.maximum(squares.min(axis=1), 0)).mean())


data = mnist.load(options.data)[0][0][:IMAGES].astype(options.dtype)
units = data[:SIDE * SIDE].copy()
order = np.random.default_rng(1).permutation(IMAGES)
began = time.perf_counter()
train(units, data, options.updates, order)
seconds = time.perf_counter() - began
show(name=f"som/{SIDE}x{SIDE}-{data.shape[1]}", benchmark="som", engine=f"numpy-{np.__version__}-{options.dtype}", threads=1, updates=options.updates, seconds=round(seconds, 4),
     updates_per_second=round(options.updates / seconds, 2), quantisation_error=round(quantisation_error(units, data), 4))
