"""The peers of bench/pca.js: principal components of float32 spectra from a raw file, on both cores.

usage: pca.py SPECTRA.f32 COUNT BANDS COMPONENTS
One question a line on stdin, one answer a line on stdout:
  "full"        scikit-learn's PCA(svd_solver="full"): centre a copy, singular values of it
  "covariance"  scikit-learn 1.5's PCA(svd_solver="covariance_eigh"), written out because Debian's scikit-learn has no such solver:
                X.T @ X in float32, corrected by the mean, and scipy.linalg.eigh
  "centred"     the same with the mean taken off a copy first: as fast as it can be at the accuracy of the other sides
  "exact"       the covariance in float64, block by block; not timed against anything
Answers: seconds, and variances and components (signs as in scikit-learn turned to ours: the largest entry positive).
"""
import json
import sys
import time

import numpy as np
import scipy
import scipy.linalg
import sklearn
from sklearn.decomposition import PCA
from threadpoolctl import threadpool_info

path, count, bands, components = sys.argv[1], *map(int, sys.argv[2:])
x = np.fromfile(path, np.float32).reshape(count, bands)


def full():
    pca = PCA(components, svd_solver="full").fit(x)
    return pca.explained_variance_, pca.components_


def largest(covariance):
    variance, vectors = scipy.linalg.eigh(covariance)
    return variance[::-1][:components], vectors[:, ::-1][:, :components].T


def covariance():
    mean = x.mean(axis=0)
    c = x.T @ x
    c -= count * np.outer(mean, mean)
    c /= count - 1
    return largest(c)


def centred():
    y = x - x.mean(axis=0, dtype=float).astype(np.float32)
    c = y.T @ y
    c /= count - 1
    return largest(c)


def exact():
    mean = x.mean(axis=0, dtype=float)
    c = np.zeros((bands, bands))
    for row in range(0, count, 8192):
        y = x[row : row + 8192] - mean
        c += y.T @ y
    return largest(c / (count - 1))


solvers = {"full": full, "covariance": covariance, "centred": centred, "exact": exact}
for line in sys.stdin:
    start = time.perf_counter()
    variance, vectors = solvers[json.loads(line)]()
    seconds = time.perf_counter() - start
    signs = np.sign(vectors[np.arange(components), np.abs(vectors).argmax(axis=1)])
    blas = next((pool.get("architecture") for pool in threadpool_info() if pool["user_api"] == "blas"), "unknown")
    print(json.dumps({
        "seconds": seconds,
        "variance": variance.tolist(),
        "loadings": (vectors * signs[:, None]).ravel().tolist(),
        "versions": f"numpy {np.__version__}, scipy {scipy.__version__}, scikit-learn {sklearn.__version__}",
        "blas": blas,
    }), flush=True)
