"""The peers of bench/correct.js: the spectra come on stdin as float32, what numpy and scipy make of them goes to stdout."""
import json
import os
import sys
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")
import numpy as np
import scipy
from scipy import sparse
from scipy.signal import savgol_filter
from scipy.sparse.linalg import spsolve

BANDS = 450
x = 950 + 1.9285 * np.arange(BANDS)
y = np.frombuffer(sys.stdin.buffer.read(), np.float32).reshape(-1, BANDS)
step = 1.9285


def two_point(y):
    t = ((x - x[0]) / (x[-1] - x[0])).astype(y.dtype)
    return y - (y[:, :1] * (1 - t) + y[:, -1:] * t)


def rubberband(y):
    """A spectrum at a time, its lower hull by a loop in Python."""
    out = np.empty_like(y)
    for row, spectrum in enumerate(y):
        hull = []
        values = spectrum.tolist()
        for i in range(BANDS):
            while len(hull) > 1:
                a, b = hull[-2], hull[-1]
                if (x[b] - x[a]) * (values[i] - values[a]) > (values[b] - values[a]) * (x[i] - x[a]):
                    break
                hull.pop()
            hull.append(i)
        out[row] = spectrum - np.interp(x, x[hull], spectrum[hull])
    return out


def asymmetric(y, lam=1e6, p=0.01, tol=1e-3, cap=50):
    """scipy's sparse solver, a spectrum at a time, as the usual recipe has it."""
    d = sparse.diags([1, -2, 1], [0, 1, 2], shape=(BANDS - 2, BANDS))
    penalty = lam * d.T @ d
    out = np.empty_like(y)
    for row, spectrum in enumerate(y.astype(float)):
        w = np.ones(BANDS)
        for _ in range(cap):
            z = spsolve(sparse.csc_matrix(sparse.diags(w) + penalty), w * spectrum)
            new = np.where(spectrum > z, p, 1 - p)
            if np.linalg.norm(new - w) <= tol * np.linalg.norm(w):
                break
            w = new
        out[row] = spectrum - z
    return out


def polynomial(y):
    t = (x - x.mean()) / np.ptp(x) * 2
    q = np.linalg.qr(np.vander(t, 3))[0].astype(y.dtype)
    return y - (y @ q) @ q.T


def measure(work, rows):
    """The best of three times in µs a spectrum, and the result for the first two spectra, in float64.

    The times are of float32 spectra, as ours; the result is not, as savgol_filter then sums in float32 and loses two digits of
    a second derivative.
    """
    best = np.inf
    for _ in range(3):
        start = time.perf_counter()
        work(y[:rows])
        best = min(best, time.perf_counter() - start)
    result = work(y[:2].astype(float))
    return {"result": result.ravel().tolist(), "microseconds": best / rows * 1e6}


everything = len(y)
methods = {
    "baseline-two-point {}": measure(two_point, everything),
    "baseline-rubberband {}": measure(rubberband, 128),
    "baseline-polynomial {\"order\":2}": measure(polynomial, everything),
    "baseline-asymmetric {}": measure(asymmetric, 16),
    "smooth {\"window\":9}": measure(lambda y: savgol_filter(y, 9, 3), everything),
    "derivative {\"window\":9}": measure(lambda y: savgol_filter(y, 9, 3, 2, step), everything),
    "derivative {\"window\":21,\"order\":5}": measure(lambda y: savgol_filter(y, 21, 5, 2, step), everything),
    "vector {}": measure(lambda y: y / np.linalg.norm(y, axis=1, keepdims=True), everything),
    "snv {}": measure(lambda y: (y - y.mean(1, keepdims=True)) / y.std(1, keepdims=True), everything),
}
print(json.dumps({"versions": f"numpy {np.__version__}, scipy {scipy.__version__}", "methods": methods}))
