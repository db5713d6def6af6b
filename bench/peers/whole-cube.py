"""The Python peer of the whole-cube bench: h5py + numpy + scikit-learn, float32, blocks of rows, in place, both cores.

One question a line of JSON on stdin, one answer a line on stdout; each has a "verb":
  layout   {"source", "out", "size", "layout"}  a simulated cube cut to size × size in another storage: contiguous, chunked, gzip
  fit      {"cubes", "pipeline", "baseline", "trees", "depth", "model", "fitted"}
           PCA and forest on the annotated pixels, written twice: for itself, and as a model of spectrastain
  stain    {"cube", "fitted", "baseline", "out", "rows"}  classes, probabilities and reasons of the first rows, to HDF5 maps
Both sides do the same work with the same model: quality, keep 900-1800 cm-1, baseline, vector norm, projection, forest, maps.
The baseline is "two-point", or the rubber band as "loop" (scipy's hull of one spectrum after another, as it is usually written) or
"vectorised" (the monotone chain of all spectra of a block at once).
"""
import json
import pickle
import sys
import time
from pathlib import Path

import h5py
import numpy as np
import scipy
import sklearn
from scipy.spatial import ConvexHull
from sklearn.decomposition import PCA
from sklearn.ensemble import RandomForestClassifier

sys.path.insert(0, str(Path(__file__).parents[2] / "docs"))
from export_sklearn_forest import export  # noqa: E402

ROWS = 64
NOT_FINITE, SATURATED, NO_TISSUE, CONSTANT = 1, 2, 3, 6


def quality(y, amide):
    """Reason codes of raw spectra by the default rule, 0 for those to be kept."""
    high, low = y.max(axis=1), y.min(axis=1)
    tissue = y[:, amide].mean(axis=1) >= 0.05
    rules = [~(np.isfinite(high) & np.isfinite(low)), high == low, high > 2.5, ~tissue]
    return np.select(rules, [NOT_FINITE, CONSTANT, SATURATED, NO_TISSUE], 0).astype(np.uint8)


def two_point(y, x):
    ramp = ((x - x[0]) / (x[-1] - x[0])).astype(np.float32)
    y -= y[:, :1] + (y[:, -1:] - y[:, :1]) * ramp


def rubberband_loop(y, x):
    for spectrum in y:
        hull = ConvexHull(np.column_stack([x, spectrum])).vertices
        hull = np.roll(hull, -hull.argmin())
        lower = hull[: hull.argmax() + 1]
        spectrum -= np.interp(x, x[lower], spectrum[lower]).astype(np.float32)


def rubberband_vectorised(y, x):
    """Andrew's monotone chain: a stack of vertices a spectrum, all spectra one band further at a time."""
    count, bands = y.shape
    columns = np.ascontiguousarray(y.T)
    stack = np.zeros((bands, count), np.int32)
    top = np.zeros(count, np.int64)
    every = np.arange(count)
    for band in range(1, bands):
        left = every
        while True:
            left = left[top[left] > 0]
            if not len(left):
                break
            b, a = stack[top[left], left], stack[top[left] - 1, left]
            ya = columns[a, left]
            over = (columns[b, left] - ya) * (x[band] - x[a]) >= (columns[band, left] - ya) * (x[b] - x[a])
            left = left[over]
            top[left] -= 1
        top += 1
        stack[top, every] = band
    # The vertex at or before each band, and the one at or after it.
    vertex = np.zeros((bands, count), bool)
    for level in range(int(top.max()) + 1):
        has = every[top >= level]
        vertex[stack[level, has], has] = True
    index = np.arange(bands, dtype=np.int32)[:, None]
    before = np.maximum.accumulate(np.where(vertex, index, 0), axis=0)
    after = np.minimum.accumulate(np.where(vertex, index, bands - 1)[::-1], axis=0)[::-1]
    width = x[after] - x[before]
    share = (x[:, None] - x[before]) / np.where(width > 0, width, 1)
    left, right = np.take_along_axis(columns, before, 0), np.take_along_axis(columns, after, 0)
    y -= (left + share * (right - left)).T.astype(np.float32)


baselines = {"two-point": two_point, "loop": rubberband_loop, "vectorised": rubberband_vectorised}


class Cube:
    def __init__(self, path):
        self.file = h5py.File(path, "r")
        self.axis = self.file["wavenumbers"][:]
        self.keep = self.between(900, 1800)
        self.amide = self.between(1600, 1700)

    def between(self, low, high):
        inside = np.flatnonzero((self.axis >= low) & (self.axis <= high))
        return slice(inside[0], inside[-1] + 1)

    def prepared(self, row, end, baseline, step=1):
        """The spectra of some rows, every `step`-th of the cube, that pass, after the steps of the pipeline; the reasons of all."""
        block = self.file["cube"][row * step : end * step : step]
        raw = block.reshape(-1, block.shape[-1])
        reasons = quality(raw, self.amide)
        y = raw[:, self.keep][reasons == 0]
        baselines[baseline](y, self.axis[self.keep])
        norm = np.sqrt(np.einsum("ij,ij->i", y, y))
        y /= np.where(norm > 0, norm, 1)[:, None]
        return y, reasons


def layout(source, out, size, layout):
    with h5py.File(source, "r") as old, h5py.File(out, "w") as new:
        cube = old["cube"]
        shape = (size, size, cube.shape[2])
        how = {
            "contiguous": {},
            "chunked": {"chunks": (cube.chunks[0], *shape[1:])},
            "gzip": {"chunks": (cube.chunks[0], *shape[1:]), "compression": "gzip", "shuffle": True},
        }
        data = new.create_dataset("cube", shape, "f4", **how[layout])
        for row in range(0, size, ROWS):
            data[row : row + ROWS] = cube[row : min(size, row + ROWS), :size]
        new["wavenumbers"] = old["wavenumbers"][:]
        for name in ("cube", "wavenumbers", "/"):
            for key, value in old[name].attrs.items():
                new[name].attrs[key] = value
    return {"bytes": Path(out).stat().st_size}


def fit(cubes, pipeline, baseline, trees, depth, model, fitted):
    spectra, truth = [], []
    for path in cubes:
        cube = Cube(path)
        labels = cube.file["labels"][:]
        names = [name.decode() if isinstance(name, bytes) else str(name) for name in cube.file["labels"].attrs["class_names"]]
        for row in range(0, labels.shape[0], ROWS):
            y, reasons = cube.prepared(row, row + ROWS, baseline)
            annotated = labels[row : row + ROWS].reshape(-1)[reasons == 0]
            spectra.append(y[annotated > 0])
            truth.append(annotated[annotated > 0])
    spectra, truth = np.concatenate(spectra), np.concatenate(truth)
    # As many a class as the default pipeline takes.
    order = np.random.default_rng(1).permutation(len(truth))
    chosen = np.concatenate([order[truth[order] == value][:20000] for value in np.unique(truth)])
    spectra, truth = spectra[chosen], truth[chosen]
    with open(pipeline) as text:
        steps = json.load(text)
    pca = PCA(steps["reduce"]["components"], svd_solver="randomized", random_state=1).fit(spectra)
    forest = RandomForestClassifier(trees, max_depth=depth, random_state=1, n_jobs=-1)
    forest.fit(pca.transform(spectra), truth)
    export(
        forest,
        pca,
        model,
        pipeline=steps,
        wavenumbers=cube.axis,
        pca_wavenumbers=cube.axis[cube.keep],
        class_names=[names[value] for value in forest.classes_],
    )
    with open(fitted, "wb") as saved:
        pickle.dump((pca, forest), saved)
    return {"spectra": len(truth), "nodes": sum(tree.tree_.node_count for tree in forest.estimators_)}


models = {}


def stain(cube, fitted, baseline, out, rows, step):
    if fitted not in models:
        models.clear()
        with open(fitted, "rb") as saved:
            models[fitted] = pickle.load(saved)
    pca, forest = models[fitted]
    start = time.perf_counter()
    source = Cube(cube)
    cols = source.file["cube"].shape[1]
    values = forest.classes_.astype(np.uint8)
    with h5py.File(out, "w") as done:
        how = {"dtype": "u1", "compression": 2}
        classes = done.create_dataset("classes", (rows, cols), chunks=(min(32, rows), cols), **how)
        rejected = done.create_dataset("rejected", (rows, cols), chunks=(min(32, rows), cols), **how)
        shape = (rows, cols, len(values))
        probabilities = done.create_dataset("probabilities", shape, chunks=(min(32, rows), *shape[1:]), **how)
        loadings = np.ascontiguousarray(pca.components_.T, np.float32)
        mean = pca.mean_.astype(np.float32)
        for row in range(0, rows, ROWS):
            end = min(rows, row + ROWS)
            y, reasons = source.prepared(row, end, baseline, step)
            y -= mean
            kept = reasons == 0
            p = forest.predict_proba(y @ loadings)
            block = np.zeros(len(kept), np.uint8)
            block[kept] = values[p.argmax(axis=1)]
            shares = np.zeros((len(kept), len(values)), np.uint8)
            shares[kept] = np.rint(255 * p)
            classes[row:end] = block.reshape(-1, cols)
            rejected[row:end] = reasons.reshape(-1, cols)
            probabilities[row:end] = shares.reshape(-1, *shape[1:])
    return {"seconds": time.perf_counter() - start}


versions = f"h5py {h5py.__version__}, numpy {np.__version__}, scipy {scipy.__version__}, scikit-learn {sklearn.__version__}"
verbs = {"layout": layout, "fit": fit, "stain": stain, "versions": lambda: {"versions": versions}}
for line in sys.stdin:
    question = json.loads(line)
    print(json.dumps(verbs[question.pop("verb")](**question)), flush=True)
