"""The peers of bench/kernels.js: sizes as a line of JSON and then float32 arrays come on stdin, results and times go to stdout."""
import base64
import json
import os
import pathlib
import sys
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
import numpy as np
import sklearn
from sklearn.ensemble import RandomForestClassifier
from sklearn.tree import DecisionTreeClassifier

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "docs"))
from export_sklearn_forest import forest_arrays  # noqa: E402

count, bands, components, training, pixels, trees = json.loads(sys.stdin.buffer.readline())


def read(*shape):
    return np.frombuffer(sys.stdin.buffer.read(4 * int(np.prod(shape))), np.float32).reshape(shape)


spectra, loadings = read(count, bands), read(components, bands)
x, labels = read(training, components), read(training).astype(int)
held = read(pixels, components)
mean, shift = spectra[0], spectra[0]
forest = RandomForestClassifier(trees, random_state=0).fit(x, labels)


def packed(array):
    array = np.ascontiguousarray(array)
    return {"type": array.dtype.name, "base64": base64.b64encode(array.tobytes()).decode()}


def measure(work, rows, exact=None):
    """The best of five times in µs a row, and the result: `exact` where the timed work is in float32 and it is not."""
    best = np.inf
    for _ in range(5):
        start = time.perf_counter()
        result = work()
        best = min(best, time.perf_counter() - start)
    if exact is not None:
        result = exact()
    timed = {"microseconds": best / rows * 1e6}
    return timed if result is None else {**timed, "result": packed(result)}


def spectral(work):
    """Timed on float32 spectra, as ours; compared with float64 ones."""
    return measure(lambda: work(spectra), count, lambda: work(spectra.astype(float)))


def two_point(y):
    t = (np.arange(bands) / (bands - 1)).astype(y.dtype)
    return y - (y[:, :1] * (1 - t) + y[:, -1:] * t)


def moments(y):
    d = y - shift
    # Ours is the upper triangle.
    return np.triu(d.T @ d)


def one_tree():
    rows = np.random.default_rng(0).integers(0, training, training)
    weights = np.bincount(rows, minlength=training)
    DecisionTreeClassifier(max_features="sqrt", random_state=0).fit(x, labels, sample_weight=weights)


print(json.dumps({
    "versions": f"numpy {np.__version__}, scikit-learn {sklearn.__version__}",
    "forest": {name: packed(array) for name, array in forest_arrays(forest).items()},
    "kernels": {
        "vectorNorm": spectral(lambda y: y / np.linalg.norm(y, axis=1, keepdims=True)),
        "minMax": spectral(lambda y: (y - y.min(1, keepdims=True)) / np.ptp(y, axis=1)[:, None]),
        "snv": spectral(lambda y: (y - y.mean(1, keepdims=True)) / y.std(1, keepdims=True)),
        "peakScale": spectral(lambda y: y / y[:, 360:440].max(1, keepdims=True)),
        "areaScale": spectral(lambda y: y / (2 * y[:, 360:440].sum(1, keepdims=True))),
        "gather": spectral(lambda y: np.concatenate([y[:, 300:], y[:, :300]], axis=1)),
        "linearBaseline": spectral(two_point),
        "addMoments": spectral(moments),
        "project": spectral(lambda y: (y - mean) @ loadings.T.astype(y.dtype)),
        # Another tree, of other random numbers and without bins: only its time is compared.
        "growTree": measure(one_tree, training),
        "predictForest": measure(lambda: forest.predict_proba(held), pixels),
    },
}))
