"""scikit-learn on patients of the phantom held out: PCA 16, forest of 1000. Build the program, then run beside this file: python3 phantom.py"""

import json
import sys

import numpy as np
from sklearn.decomposition import PCA
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import accuracy_score, roc_auc_score

sys.dont_write_bytecode = True
sys.path.insert(0, "../..")
from phantom_spectra import check_of, phantom_spectra  # noqa: E402

options = {"seed": 6, "patients": 14, "size": 160, "modes": "SD", "labelled": 0.5, "step": 11}
fitted = 9
spectra, labels, patient = phantom_spectra(options, plane := "labels")
train = patient < fitted
pca = PCA(16, svd_solver="full").fit(spectra[train].astype(float))
scores = pca.transform(spectra.astype(float))
held = labels[~train] - 1
accuracy, auc = [], []
for seed in range(5):
    # So many trees that two forests of one program differ by less than what is allowed between two programs.
    forest = RandomForestClassifier(1000, min_samples_leaf=2, random_state=seed, n_jobs=2)
    p = forest.fit(scores[train], labels[train] - 1).predict_proba(scores[~train])
    accuracy.append(accuracy_score(held, p.argmax(1)))
    auc.append([roc_auc_score(held == k, p[:, k]) for k in range(6)])
json.dump({
    "options": options,
    "plane": plane,
    "fitted": fitted,
    "check": check_of(spectra, labels),
    "accuracy": np.mean(accuracy),
    "auc": np.mean(auc, axis=0).tolist(),
    "spread": {"accuracy": np.ptp(accuracy), "auc": np.ptp(auc, axis=0).tolist()},
}, open("phantom.golden.json", "w"))
