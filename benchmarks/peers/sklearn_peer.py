#!/usr/bin/python3
"""scikit-learn's MLPClassifier beside Cajal: sklearn_peer.py {epoch|memory} [options]; the MLP only, there is nothing else in it."""
import argparse
import os
import time
import warnings

arguments = argparse.ArgumentParser(description=__doc__)
arguments.add_argument("benchmark", choices=["epoch", "memory"])
arguments.add_argument("--threads", type=int, default=2)
arguments.add_argument("--only", default="")
arguments.add_argument("--data", default=os.environ.get("CAJAL_DATA", "."))
arguments.add_argument("--epochs", type=int, default=2)
arguments.add_argument("--steps", type=int, default=10_000)
arguments.add_argument("--seconds", type=float, default=600)
options = arguments.parse_args()
# BLAS takes its threads from the environment, and reads it when it is loaded.
for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "BLIS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = str(options.threads)

import numpy as np
import sklearn
from sklearn.neural_network import MLPClassifier

import mnist
from usage import measure_memory, show

ENGINE = f"scikit-learn-{sklearn.__version__}"
BATCH = 64
warnings.filterwarnings("ignore", category=UserWarning)


def classifier(**more):
    # No penalty: the others have none.
    return MLPClassifier((256, 128), batch_size=BATCH, alpha=0, random_state=1, **more)


def epochs():
    name = "epoch/mlp-784-256-128-10-b64"
    if not name.startswith(options.only):
        return
    (x, y), (test_x, test_y) = mnist.load(options.data)
    net = classifier(max_iter=1, warm_start=True)
    for epoch in range(1, options.epochs + 1):
        began = time.perf_counter()
        net.fit(x, y)
        seconds = time.perf_counter() - began
        show(name=name, benchmark="epoch", engine=ENGINE, threads=options.threads, epoch=epoch, seconds=round(seconds, 4), test_accuracy=net.score(test_x, test_y))


def memory():
    name = "train/mlp-784-256-128-10-b64"
    if not name.startswith(options.only):
        return
    random = np.random.default_rng(1)
    x, y = random.random((BATCH, 784), dtype=np.float32), random.integers(0, 10, BATCH)

    def make():
        net = classifier()
        return lambda: net.partial_fit(x, y, classes=np.arange(10))

    measure_memory(name, ENGINE, options.threads, make, options.steps, options.seconds)


epochs() if options.benchmark == "epoch" else memory()
