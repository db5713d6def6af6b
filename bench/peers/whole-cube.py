"""The Python peer of the whole-cube bench: h5py + numpy + scikit-learn, float32, blocks of rows, both cores.

usage: whole-cube.py fit   PIPELINE.json MODEL.h5 FITTED.pickle CUBE.h5…
       whole-cube.py stain CUBE.h5 FITTED.pickle OUT.h5

`fit` fits PCA and forest on the annotated pixels and writes them twice: for itself, and as a model of spectrastain. Both sides
then do the same work with the same model: keep 900-1800 cm-1, two-point baseline, vector norm, projection, forest, class map.
Prints one JSON line: seconds (without the start of Python), spectra, versions.
"""
import json
import pickle
import sys
import time
from pathlib import Path

import h5py
import numpy as np
import sklearn
from sklearn.decomposition import PCA
from sklearn.ensemble import RandomForestClassifier

sys.path.insert(0, str(Path(__file__).parents[2] / "docs"))
from export_sklearn_forest import export  # noqa: E402

ROWS = 64


def prepared(block, axis, keep):
    """Spectra of a block after the steps of the pipeline, float32."""
    y = np.ascontiguousarray(block.reshape(-1, block.shape[-1])[:, keep])
    x = axis[keep]
    ramp = ((x - x[0]) / (x[-1] - x[0])).astype(np.float32)
    y -= y[:, :1] + (y[:, -1:] - y[:, :1]) * ramp
    norm = np.sqrt(np.einsum("ij,ij->i", y, y))
    y /= np.where(norm > 0, norm, 1)[:, None]
    return y


def opened(path):
    file = h5py.File(path, "r")
    axis = file["wavenumbers"][:]
    keep = np.flatnonzero((axis >= 900) & (axis <= 1800))
    return file, axis, slice(keep[0], keep[-1] + 1)


def fit(pipeline, model, fitted, *cubes):
    spectra, truth = [], []
    for cube in cubes:
        file, axis, keep = opened(cube)
        labels = file["labels"][:]
        names = [name.decode() if isinstance(name, bytes) else str(name) for name in file["labels"].attrs["class_names"]]
        for row in range(0, labels.shape[0], ROWS):
            annotated = labels[row : row + ROWS].reshape(-1)
            spectra.append(prepared(file["cube"][row : row + ROWS], axis, keep)[annotated > 0])
            truth.append(annotated[annotated > 0])
    spectra, truth = np.concatenate(spectra), np.concatenate(truth)
    # As many a class as the default pipeline takes.
    order = np.random.default_rng(1).permutation(len(truth))
    chosen = np.concatenate([order[truth[order] == value][:20000] for value in np.unique(truth)])
    spectra, truth = spectra[chosen], truth[chosen]
    with open(pipeline) as text:
        steps = json.load(text)
    pca = PCA(steps["reduce"]["components"], random_state=1).fit(spectra)
    forest = RandomForestClassifier(steps["classify"]["trees"], random_state=1, n_jobs=2)
    forest.fit(pca.transform(spectra), truth)
    export(
        forest,
        pca,
        model,
        pipeline=steps,
        wavenumbers=axis,
        pca_wavenumbers=axis[keep],
        class_names=[names[value] for value in forest.classes_],
    )
    with open(fitted, "wb") as out:
        pickle.dump((pca, forest), out)
    nodes = sum(tree.tree_.node_count for tree in forest.estimators_)
    return {"spectra": len(truth), "nodes": nodes}


def stain(cube, fitted, out):
    with open(fitted, "rb") as saved:
        pca, forest = pickle.load(saved)
    forest.n_jobs = 2
    start = time.perf_counter()
    file, axis, keep = opened(cube)
    data = file["cube"]
    rows, cols, _ = data.shape
    classes = np.zeros((rows, cols), np.uint8)
    probabilities = np.zeros((rows, cols, len(forest.classes_)), np.uint8)
    done = h5py.File(out, "w")
    maps = done.create_dataset("classes", classes.shape, "u1", chunks=(32, cols), compression=2)
    shares = done.create_dataset("probabilities", probabilities.shape, "u1", chunks=(32, *probabilities.shape[1:]), compression=2)
    loadings = np.ascontiguousarray(pca.components_.T, np.float32)
    mean = pca.mean_.astype(np.float32)
    for row in range(0, rows, ROWS):
        block = data[row : row + ROWS]
        scores = (prepared(block, axis, keep) - mean) @ loadings
        p = forest.predict_proba(scores)
        classes[row : row + ROWS] = forest.classes_[p.argmax(axis=1)].reshape(-1, cols)
        probabilities[row : row + ROWS] = np.round(255 * p).reshape(-1, cols, p.shape[1])
        maps[row : row + ROWS] = classes[row : row + ROWS]
        shares[row : row + ROWS] = probabilities[row : row + ROWS]
    done.close()
    seconds = time.perf_counter() - start
    classes.tofile(str(out) + ".classes")
    probabilities.tofile(str(out) + ".probabilities")
    return {"spectra": rows * cols, "seconds": seconds}


verb = {"fit": fit, "stain": stain}[sys.argv[1]]
print(json.dumps({**verb(*sys.argv[2:]), "versions": f"numpy {np.__version__}, scikit-learn {sklearn.__version__}"}))
