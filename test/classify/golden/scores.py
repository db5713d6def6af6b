"""Scores of made-up held-out predictions by scikit-learn and scipy. Run beside this file: python3 scores.py"""

import json

import numpy as np
import scipy.stats
from sklearn.calibration import calibration_curve
from sklearn.metrics import (accuracy_score, balanced_accuracy_score, brier_score_loss, confusion_matrix,
                             recall_score, roc_auc_score)

rng = np.random.default_rng(20)
rows, classes, patients = 300, 4, 12
patient = np.sort(rng.integers(0, patients, rows))
truth = rng.choice(classes, rows, p=[0.4, 0.3, 0.2, 0.1])
p = rng.dirichlet(np.full(classes, 0.8), rows) + 0.5 * np.eye(classes)[truth] * rng.random((rows, 1))
# Two decimals: a forest's probabilities tie, and so do these.
p = np.round(p / p.sum(axis=1, keepdims=True), 2)
p32 = p.astype(np.float32).astype(np.float64)
predicted = p32.argmax(axis=1)

def aucs(weights=None):
    return [roc_auc_score(truth == k, p32[:, k], sample_weight=weights) for k in range(classes)]

times = rng.multinomial(patients, np.full(patients, 1 / patients), 5)
confusion = confusion_matrix(truth, predicted)
confidence = p32.max(axis=1)
observed, mean_confidence = calibration_curve(truth == predicted, confidence, n_bins=10)

json.dump({
    "classes": classes,
    "probabilities": p.ravel().tolist(),
    "truth": truth.tolist(),
    "patient": patient.tolist(),
    "auc": aucs(),
    "times": times.tolist(),
    "resampledAuc": [aucs(t[patient]) for t in times],
    "confusion": confusion.tolist(),
    "accuracy": accuracy_score(truth, predicted),
    "balancedAccuracy": balanced_accuracy_score(truth, predicted),
    "sensitivity": recall_score(truth, predicted, average=None).tolist(),
    "specificity": [recall_score(truth == k, predicted == k, pos_label=False) for k in range(classes)],
    "brier": sum(brier_score_loss(truth == k, p32[:, k]) for k in range(classes)),
    "calibration": {"observed": observed.tolist(), "predicted": mean_confidence.tolist()},
    # 40 patients of one pixel each, 30 of them right: the bootstrapped accuracy is binomial.
    "binomialInterval": (scipy.stats.binom.ppf([0.025, 0.975], 40, 0.75) / 40).tolist(),
}, open("scores.golden.json", "w"))
