"""Golden values of the corrections from numpy and scipy. Run: python3 correct.py > correct.golden.json"""
import json
import numpy as np
import scipy
from scipy import sparse
from scipy.interpolate import CubicSpline
from scipy.signal import savgol_filter
from scipy.sparse.linalg import spsolve
from scipy.spatial import ConvexHull

random = np.random.default_rng(20240901)
x = 1500 + 3.857 * np.arange(70)
bands = [(1545, 40, 0.3), (1652, 50, 0.5), (1740, 20, 0.05)]
y = np.array([
    sum(k * h * np.exp(-4 * np.log(2) * ((x - c) / w) ** 2) for c, w, h in bands)
    + 0.05 + 2e-4 * (x - 1500) + random.normal(0, 2e-3, x.size)
    for k in (0.6, 1.0, 1.4)
]).astype(np.float32).astype(np.float64)


def rubberband(y):
    """Lower hull from Qhull: the part of the counter-clockwise vertices from the leftmost to the rightmost point."""
    v = ConvexHull(np.column_stack([x, y])).vertices
    v = np.roll(v, -v.argmin())
    v = v[: v.argmax() + 1]
    return y - np.interp(x, x[v], y[v])


def asymmetric(y, lam, p, tol, cap):
    n = y.size
    d = sparse.diags([1, -2, 1], [0, 1, 2], shape=(n - 2, n))
    penalty = lam * d.T @ d
    w = np.ones(n)
    for solves in range(1, cap + 1):
        z = spsolve(sparse.csc_matrix(sparse.diags(w) + penalty), w * y)
        new = np.where(y > z, p, 1 - p)
        if np.linalg.norm(new - w) <= tol * np.linalg.norm(w):
            break
        w = new
    return y - z, solves


def polynomial(y, order, fitted):
    return y - np.polynomial.Polynomial.fit(x[fitted], y[fitted], order)(x)


def points(a):
    return np.round(np.asarray(a), 12).tolist()


step = (x[-1] - x[0]) / (x.size - 1)
new = np.arange(1503.0, 1765.0, 2.5)
silent = (x <= 1510) | ((x >= 1690) & (x <= 1720)) | (x >= 1755)
als = [asymmetric(row, 1e4, 0.02, 1e-3, 50) for row in y]
golden = {
    "made": f"numpy {np.__version__}, scipy {scipy.__version__}",
    "x": x.tolist(),
    "y": y.tolist(),
    "savgol": {
        f"{mode} {window} {order} {d}": points(savgol_filter(y, window, order, d, delta=step, mode=mode))
        for mode in ("interp", "nearest")
        for window, order, d in ((9, 3, 0), (9, 3, 1), (9, 3, 2), (21, 5, 2), (5, 2, 1))
    },
    "rubberband": [points(rubberband(row)) for row in y],
    "asymmetric": [points(b) for b, _ in als],
    "asymmetricSolves": [s for _, s in als],
    "polynomial": {str(k): [points(polynomial(row, k, np.full(x.size, True))) for row in y] for k in (0, 1, 3, 7)},
    "polynomialRanges": [points(polynomial(row, 2, silent)) for row in y],
    "newAxis": new.tolist(),
    "linear": points([np.interp(new, x, row) for row in y]),
    "cubic": points(CubicSpline(x, y, axis=1)(new)),
    "cubic3": points(CubicSpline(x[:3], y[0, :3])([1500.5, 1505.0])),
    "cubicUneven": points(CubicSpline(x[[0, 1, 3, 4, 7, 8]], y[1, [0, 1, 3, 4, 7, 8]])([1500.5, 1509.0, 1520.0, 1530.5])),
}
print(json.dumps(golden))
