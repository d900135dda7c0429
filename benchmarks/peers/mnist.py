"""MNIST's IDX files as float32 images in [0, 1] and integer labels."""
import gzip
import os
import struct

import numpy as np


def load(folder):
    """(training images [60000, 784], labels), (test images [10000, 784], labels) from a folder, or its folder mnist."""
    if not os.path.exists(os.path.join(folder, "train-images-idx3-ubyte.gz")):
        folder = os.path.join(folder, "mnist")
    return tuple(
        (read(os.path.join(folder, f"{part}-images-idx3-ubyte.gz")).reshape(-1, 784).astype(np.float32) / 255,
         read(os.path.join(folder, f"{part}-labels-idx1-ubyte.gz")).astype(np.int64))
        for part in ("train", "t10k"))


def read(path):
    with gzip.open(path, "rb") as file:
        axes = struct.unpack(">HBB", file.read(4))[2]
        shape = struct.unpack(f">{axes}I", file.read(4 * axes))
        return np.frombuffer(file.read(), np.uint8).reshape(shape)
