"""Goldens for the statistics of a diagnosis, by numpy, scipy and scikit-learn: python3 study.py > study.golden.json"""

import json

import numpy as np
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import (
    accuracy_score,
    balanced_accuracy_score,
    brier_score_loss,
    f1_score,
    precision_score,
    recall_score,
    roc_auc_score,
    roc_curve,
)

rng = np.random.default_rng(7)
n, folds = 60, 5
labels = (np.arange(n) % 3 > 0).astype(int)
fold = np.arange(n) // 3 % folds
scores = np.clip(np.round(1 / (1 + np.exp(-(labels * 1.6 - 0.8 + rng.normal(size=n)))), 2), 0, 1)
thresholds = np.array([0.5, 0.45, 0.6, 0.55, 0.4])[fold]

names = ["accuracy", "precision", "recall", "f", "auc", "balancedAccuracy"]


def judge(y, s, t):
    called = s >= t
    return [
        accuracy_score(y, called),
        precision_score(y, called),
        recall_score(y, called),
        f1_score(y, called),
        roc_auc_score(y, s),
        balanced_accuracy_score(y, called),
    ]


per_fold = [judge(labels[fold == f], scores[fold == f], thresholds[fold == f]) for f in range(folds)]
grid = np.arange(101) / 100
curves = []
for f in range(folds):
    fp, tp, _ = roc_curve(labels[fold == f], scores[fold == f], drop_intermediate=False)
    curve = np.interp(grid, fp, tp)
    curve[0], curve[-1] = 0, 1
    curves.append(curve)

clipped = np.clip(scores, 1e-4, 1 - 1e-4)
logits = np.log(clipped / (1 - clipped))
plain = LogisticRegression(penalty=None, tol=1e-12, max_iter=10000).fit(logits[:, None], labels)
positives = labels.sum()
targets = np.where(labels == 1, (positives + 1) / (positives + 2), 1 / (n - positives + 2))


def loss(w):
    z = w[0] * logits + w[1]
    return np.sum(np.logaddexp(0, z) - targets * z)


platt = minimize(loss, [1, 0], method="BFGS", options={"gtol": 1e-10}).x
bins = np.minimum(9, np.floor(scores * 10)).astype(int)
error = sum(abs(scores[bins == b].sum() - labels[bins == b].sum()) for b in range(10)) / n

print(
    json.dumps(
        {
            "labels": labels.tolist(),
            "fold": fold.tolist(),
            "scores": scores.tolist(),
            "thresholds": thresholds.tolist(),
            "perFold": [dict(zip(names, row)) for row in per_fold],
            "mean": dict(zip(names, np.mean(per_fold, 0).tolist())),
            "sd": dict(zip(names, np.std(per_fold, 0, ddof=1).tolist())),
            "pooled": dict(zip(names, judge(labels, scores, thresholds))),
            "rocMean": np.mean(curves, 0).tolist(),
            "rocSd": np.std(curves, 0, ddof=1).tolist(),
            "brier": brier_score_loss(labels, scores),
            "expectedError": error,
            "slope": plain.coef_[0, 0],
            "intercept": plain.intercept_[0],
            "platt": platt.tolist(),
        }
    )
)
