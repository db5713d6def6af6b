"""scikit-learn on the liver cubes: two-point baseline, vector norm, PCA 16, forest of 200. Run beside this file: python3 liver.py"""

import json

import h5py
import numpy as np
from sklearn.decomposition import PCA
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import accuracy_score, roc_auc_score


def labelled(name):
    with h5py.File(f"../../../../shared/data/real/liver-{name}.h5") as file:
        labels = file["labels"][:].ravel()
        y = file["cube"][:].reshape(len(labels), -1)[labels > 0].astype(float)
        x = file["wavenumbers"][:]
    t = (x - x[0]) / (x[-1] - x[0])
    y = y - (y[:, :1] * (1 - t) + y[:, -1:] * t)
    return y / np.linalg.norm(y, axis=1, keepdims=True), labels[labels > 0] - 1


train, truth = labelled("train")
test, held = labelled("test")
pca = PCA(16, svd_solver="full").fit(train)
accuracy, auc = [], []
for seed in range(5):
    forest = RandomForestClassifier(200, random_state=seed, n_jobs=2).fit(pca.transform(train), truth)
    p = forest.predict_proba(pca.transform(test))
    accuracy.append(accuracy_score(held, p.argmax(1)))
    auc.append([roc_auc_score(held == k, p[:, k]) for k in range(4)])
json.dump({
    "variance": pca.explained_variance_.tolist(),
    "accuracy": np.mean(accuracy),
    "auc": np.mean(auc, axis=0).tolist(),
    "spread": {"accuracy": np.ptp(accuracy), "auc": np.ptp(auc, axis=0).tolist()},
}, open("liver.golden.json", "w"))
