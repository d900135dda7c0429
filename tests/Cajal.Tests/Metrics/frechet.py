"""Prints Frechet's distances by NumPy, or by SciPy's general matrix root where it is installed, for FrechetDistanceTests.cs. Debian: python3-numpy, python3-scipy."""
import numpy as np

try:
    from scipy.linalg import sqrtm
except ImportError:

    def sqrtm(a):
        values, vectors = np.linalg.eig(a)
        return vectors @ np.diag(np.sqrt(values.astype(complex))) @ np.linalg.inv(vectors)


def cloud(rows, columns, phase):
    i, j = np.meshgrid(np.arange(rows), np.arange(columns), indexing="ij")
    return np.sin(phase + 3 * i + 5 * j + 0.1 * i * j) * (1 + j)


def distance(a, b):
    first, second = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    root = sqrtm(first @ second)
    return np.sum((a.mean(0) - b.mean(0)) ** 2) + np.trace(first) + np.trace(second) - 2 * np.trace(root).real


print(f"{distance(cloud(40, 3, 0.0), cloud(25, 3, 1.0)):.12f}")
print(f"{distance(cloud(60, 8, 0.5), 1.5 * cloud(60, 8, 2.0) + 1):.12f}")
