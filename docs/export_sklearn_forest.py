"""Write a PCA and a random forest of scikit-learn as a model that `spectrastain stain` reads.

From Python, after fitting:

    from export_sklearn_forest import export
    export(forest, pca, "model.h5", pipeline="pipeline.yaml", wavenumbers=axis, class_names=["cancer", "stroma"])

or from saved objects (only those you trust: unpickling runs code):

    python3 export_sklearn_forest.py --forest forest.joblib --pca pca.joblib --pipeline pipeline.yaml \
        --wavenumbers axis.txt --class-names cancer,stroma --out model.h5

The steps of the pipeline must be what was done to the spectra before the PCA, in the same order: they are taken at their
word. Its `reduce` and `classify` are replaced by what the objects are. What has no counterpart in scikit-learn is left open:
the limits of Q and T² are not checked, and the stamp says that the training is not recorded here.

Needs numpy, h5py, scikit-learn, and PyYAML for a YAML file.
"""
import argparse
import json

import h5py
import numpy as np
import sklearn

# Okabe and Ito, in the order of the built-in palette.
COLOURS = [[213, 94, 0], [0, 114, 178], [86, 180, 233], [204, 121, 167], [240, 228, 66], [0, 0, 0], [0, 158, 115], [230, 159, 0]]


def export(forest, pca, path, *, pipeline, wavenumbers, class_names, pca_wavenumbers=None, palette=None, patients=0):
    """Write the model file.

    forest            a fitted RandomForestClassifier (or ExtraTreesClassifier) on the scores of `pca`
    pca               a fitted sklearn.decomposition.PCA, not whitened
    pipeline          the path of a pipeline file, or its content as a dict
    wavenumbers       cm-1, the axis of the cubes before any step; any order
    class_names       a name for each of `forest.classes_`, in their order
    pca_wavenumbers   cm-1, the axis the PCA was fitted on; `wavenumbers` if not given
    palette           {name: [red, green, blue]}; Okabe and Ito's colours if not given
    patients          how many patients it was fitted on; 0 for not known
    """
    if pca.whiten:
        raise ValueError("a whitened PCA cannot be written: fit it with whiten=False")
    if forest.n_features_in_ != pca.n_components_ or pca.n_components_ > 256:
        raise ValueError(f"the forest takes {forest.n_features_in_} features, the PCA gives {pca.n_components_}; at most 256")
    if len(class_names) != len(forest.classes_):
        raise ValueError(f"{len(class_names)} class names are given for the classes {list(forest.classes_)}")
    raw, _ = ascending(wavenumbers)
    axis, order = ascending(wavenumbers if pca_wavenumbers is None else pca_wavenumbers)
    if len(axis) != pca.n_features_in_:
        raise ValueError(f"the PCA has {pca.n_features_in_} bands, its axis {len(axis)}; give pca_wavenumbers")

    labels = label_values(forest.classes_)
    names = ["unlabelled"] + [f"label {value}" for value in range(1, max(labels) + 1)]
    for value, name in zip(labels, class_names):
        names[value] = str(name)
    if palette is None:
        palette = {str(name): COLOURS[i % len(COLOURS)] for i, name in enumerate(class_names)}

    arrays = forest_arrays(forest)
    variance = pca.explained_variance_.astype(np.float64)
    total = float(np.mean(variance / pca.explained_variance_ratio_))
    left = max(0, min(pca.n_samples_ - 1, pca.n_features_in_) - pca.n_components_)
    noise = max(0.0, total - float(np.sum(variance))) / max(1, left)
    about = {
        "pipeline": checked_pipeline(pipeline, pca, forest),
        "classNames": names,
        "palette": palette,
        "limits": {"q": None, "t2": None},
        "pca": {
            "components": int(pca.n_components_),
            "bands": int(pca.n_features_in_),
            "count": int(pca.n_samples_),
            "totalVariance": total,
            # scikit-learn keeps the sum of the eigenvalues left out; their squares and cubes are those of equal ones.
            "residual": [left * noise, left * noise**2, left * noise**3],
        },
        "forest": {
            "trees": len(forest.estimators_),
            "features": int(forest.n_features_in_),
            "classes": len(labels),
            "outOfBagAccuracy": float(forest.oob_score_) if getattr(forest, "oob_score", False) else None,
        },
        "provenance": {
            "version": f"scikit-learn {sklearn.__version__}",
            "seed": forest.random_state if isinstance(forest.random_state, int) else 0,
            "inputs": [],
            "patients": patients,
            "pixels": int(pca.n_samples_),
            "pixelsPerClass": [0] * len(labels),
            "stamps": ["fitted in scikit-learn: training patients not recorded"],
        },
    }
    with h5py.File(path, "w") as file:
        file.attrs["format"] = "spectrastain/model/1"
        file["about"] = json.dumps(about)
        file["wavenumbers"] = raw
        file["wavenumbers"].attrs["units"] = "cm-1"
        file["labels"] = np.array(labels, np.uint8)
        file["pca/wavenumbers"] = axis
        file["pca/mean"] = pca.mean_[order].astype(np.float64)
        # The signs stay scikit-learn's: the thresholds of the forest were found on them.
        file["pca/loadings"] = pca.components_[:, order].astype(np.float64).ravel()
        file["pca/variance"] = variance
        for name, values in arrays.items():
            file[f"forest/{name}"] = values


def ascending(wavenumbers):
    """The axis in ascending order, and the order that brings it there."""
    axis = np.asarray(wavenumbers, np.float64).ravel()
    order = np.argsort(axis)
    if len(axis) < 2 or not np.all(np.diff(axis[order]) > 0):
        raise ValueError("the wavenumbers must be at least two, all different")
    return axis[order], order


def label_values(classes):
    """The classes themselves where they can be label values of a cube, 1 to 255; otherwise 1, 2, … in their order."""
    if np.issubdtype(classes.dtype, np.number) and all(c == int(c) and 1 <= c <= 255 for c in classes):
        return [int(c) for c in classes]
    return list(range(1, len(classes) + 1))


def checked_pipeline(pipeline, pca, forest):
    """The pipeline as a model holds it: steps as {step, method, params}, the rest as the objects are."""
    if not isinstance(pipeline, dict):
        with open(pipeline, encoding="utf-8") as file:
            if str(pipeline).endswith(".json"):
                pipeline = json.load(file)
            else:
                import yaml

                pipeline = yaml.safe_load(file)
    steps = []
    for entry in pipeline["steps"]:
        [step] = [key for key in ("correct", "normalise") if key in entry]
        steps.append({"step": step, "method": entry[step], "params": entry.get("params") or {}})
    leaf = forest.min_samples_leaf
    return {
        "name": pipeline["name"],
        "description": pipeline.get("description", ""),
        "steps": steps,
        "reduce": {"components": int(pca.n_components_), "outside": 0},
        "classify": {
            "trees": len(forest.estimators_),
            # A share of the training pixels is not a number of them.
            "minLeaf": leaf if isinstance(leaf, int) else 1,
            "maxDepth": min(64, max(1, max(tree.get_depth() for tree in forest.estimators_))),
        },
        "stain": pipeline.get("stain", {}),
    }


def forest_arrays(forest):
    """All trees, one after another, renumbered level by level so that siblings stand side by side."""
    roots, feature, threshold, left, leaf, distributions = [], [], [], [], [], []
    first = 0
    leaves = 0
    for estimator in forest.estimators_:
        tree = estimator.tree_
        order = [0]
        for node in order:
            if tree.children_left[node] >= 0:
                order += [tree.children_left[node], tree.children_right[node]]
        order = np.array(order)
        place = np.empty(len(order), np.int64)
        place[order] = np.arange(len(order))
        children = tree.children_left[order]
        inner = children >= 0

        roots.append(first)
        feature.append(np.where(inner, tree.feature[order], 0))
        threshold.append(np.where(inner, rounded_down(tree.threshold[order]), 0))
        left.append(first + np.where(inner, place[children], np.arange(len(order))))
        leaf.append(np.where(inner, 0, leaves + np.cumsum(~inner) - 1))
        counts = tree.value[order[~inner], 0, :]
        distributions.append(counts / counts.sum(axis=1, keepdims=True))
        first += len(order)
        leaves += int(np.sum(~inner))
    # Leaves that say the same share a row: most are of one class alone.
    rows, row_of = np.unique(np.concatenate(distributions).astype(np.float32), axis=0, return_inverse=True)
    leaf, inner = np.concatenate(leaf), np.concatenate(left) != np.arange(first)
    return {
        "roots": np.array(roots, np.int32),
        "feature": np.concatenate(feature).astype(np.uint16),
        "threshold": np.concatenate(threshold).astype(np.float32),
        "left": np.concatenate(left).astype(np.int32),
        "leaf": np.where(inner, 0, row_of.ravel()[leaf]).astype(np.int32),
        "distributions": rows.ravel(),
        "importances": forest.feature_importances_.astype(np.float64),
    }


def rounded_down(thresholds):
    """The largest float32 that is not above: for a float32 x, x <= t stays what it was."""
    nearest = thresholds.astype(np.float32)
    return np.where(nearest > thresholds, np.nextafter(nearest, np.float32(-np.inf)), nearest)


if __name__ == "__main__":
    import joblib

    parser = argparse.ArgumentParser(description="Write a PCA and a forest of scikit-learn as a model of spectrastain.")
    parser.add_argument("--forest", required=True, help="RandomForestClassifier saved by joblib or pickle")
    parser.add_argument("--pca", required=True, help="PCA saved by joblib or pickle")
    parser.add_argument("--pipeline", required=True, help="pipeline file, YAML or JSON")
    parser.add_argument("--wavenumbers", required=True, help="axis of the cubes in cm-1, one number a line")
    parser.add_argument("--pca-wavenumbers", help="axis of the PCA in cm-1, where the steps change it")
    parser.add_argument("--class-names", required=True, help="names of the classes, separated by commas, in the forest's order")
    parser.add_argument("--out", required=True, help="the model to be written")
    args = parser.parse_args()
    export(
        joblib.load(args.forest),
        joblib.load(args.pca),
        args.out,
        pipeline=args.pipeline,
        wavenumbers=np.loadtxt(args.wavenumbers),
        pca_wavenumbers=np.loadtxt(args.pca_wavenumbers) if args.pca_wavenumbers else None,
        class_names=args.class_names.split(","),
    )
