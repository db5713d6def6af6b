"""A forest by scikit-learn on data made by a formula that the test repeats. Run beside this file: python3 forest.py"""

import json

import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import accuracy_score, roc_auc_score

features, classes = 8, 3


def problem(rows, state):
    """Rows of each class in turn: a sum of four uniforms a feature, the first five moved by the class."""
    x = np.empty((rows, features))
    for row in range(rows):
        for feature in range(features):
            total = 0
            for _ in range(4):
                state = (state * 1664525 + 1013904223) % 2**32
                total += state / 2**32
            x[row, feature] = total + (0.4 * ((row + feature) % classes) if feature < 5 else 0)
    return x.astype(np.float32), np.arange(rows) % classes


train, truth = problem(1200, 1)
test, held = problem(3000, 2)
accuracy, auc = [], []
for seed in range(5):
    forest = RandomForestClassifier(400, random_state=seed, n_jobs=2).fit(train, truth)
    p = forest.predict_proba(test)
    accuracy.append(accuracy_score(held, p.argmax(1)))
    auc.append([roc_auc_score(held == k, p[:, k]) for k in range(classes)])
json.dump({
    "check": float(train[7, 3]),
    "accuracy": np.mean(accuracy),
    "auc": np.mean(auc, axis=0).tolist(),
    "spread": {"accuracy": np.ptp(accuracy), "auc": np.ptp(auc, axis=0).tolist()},
}, open("forest.golden.json", "w"))
