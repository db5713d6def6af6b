"""A small PCA and forest of scikit-learn, exported as a model, and what they predict. Run beside this file: python3 sklearn-model.py"""

import json
import sys

import numpy as np
from sklearn.decomposition import PCA
from sklearn.ensemble import RandomForestClassifier

sys.dont_write_bytecode = True
sys.path.insert(0, "../../../docs")
from export_sklearn_forest import export  # noqa: E402

rng = np.random.default_rng(8)
# Descending, as many instruments write it: the model must turn it round.
wavenumbers = np.linspace(1800, 1000, 21)
labels = np.array([1, 2, 4])[rng.integers(0, 3, 260)]


def bell(centre, width):
    return np.exp(-(((wavenumbers - centre) / width) ** 2))


spectra = (
    (0.5 + 0.1 * rng.normal(size=(260, 1))) * bell(1650, 40)
    + (0.1 * labels[:, None] + 0.12 * rng.normal(size=(260, 1))) * bell(1240, 60)
    + (0.3 - 0.05 * labels[:, None] + 0.1 * rng.normal(size=(260, 1))) * bell(1080, 50)
    + 0.01 * rng.normal(size=(260, 21))
).astype(np.float32)

pca = PCA(4).fit(spectra[:200])
forest = RandomForestClassifier(6, min_samples_leaf=2, oob_score=False, random_state=3)
forest.fit(pca.transform(spectra[:200]), labels[:200])
pipeline = {"name": "imported", "steps": [{"correct": "baseline-two-point"}, {"normalise": "vector"}]}
export(forest, pca, "sklearn-model.golden.h5", pipeline=pipeline, wavenumbers=wavenumbers, class_names=["cancer", "stroma", "blood"])

held = spectra[200:]
scores = pca.transform(held).astype(np.float32)
# A few scores at the very thresholds of the first tree, as float32 on either side.
tree = forest.estimators_[0].tree_
for i, node in enumerate(np.flatnonzero(tree.children_left >= 0)[:8]):
    nearest = np.float32(tree.threshold[node])
    scores[i, tree.feature[node]] = np.nextafter(nearest, np.float32(np.inf if i % 2 else -np.inf)) if i > 3 else nearest
json.dump({
    "spectra": [float(f"{v:.9g}") for v in held[:, ::-1].ravel()],
    "transformed": pca.transform(held).ravel().round(9).tolist(),
    "scores": [float(f"{v:.9g}") for v in scores.ravel()],
    "probabilities": forest.predict_proba(scores).ravel().round(12).tolist(),
    "classes": forest.predict(scores).tolist(),
    "importances": forest.feature_importances_.tolist(),
    "explained": pca.explained_variance_ratio_.tolist(),
}, open("sklearn-model.golden.json", "w"))
