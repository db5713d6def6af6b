"""scikit-learn as a peer of bench/forest.js: a command a line on stdin, numbers on stdout.

    fit TRAINING.f32 LABELS.u8 FEATURES TREES DEPTH JOBS    seconds and nodes; DEPTH 0 for full trees
    predict ROWS.f32 FEATURES JOBS OUT.f32                  seconds; probabilities go to OUT
    arrays FOLDER                                           the fitted forest as the arrays of a model
"""
import os
import pathlib
import sys
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
import numpy as np
import sklearn
from sklearn.ensemble import RandomForestClassifier

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "docs"))
from export_sklearn_forest import forest_arrays  # noqa: E402


def say(*words):
    print(*words, flush=True)


def matrix(path, features):
    return np.fromfile(path, np.float32).reshape(-1, int(features))


say(f"scikit-learn {sklearn.__version__}")
for line in sys.stdin:
    command, *args = line.split()
    if command == "fit":
        x, y = matrix(args[0], args[2]), np.fromfile(args[1], np.uint8)
        trees, depth, jobs = map(int, args[3:])
        start = time.perf_counter()
        forest = RandomForestClassifier(trees, max_depth=depth or None, n_jobs=jobs, random_state=0).fit(x, y)
        seconds = time.perf_counter() - start
        say(seconds, sum(tree.tree_.node_count for tree in forest.estimators_))
    elif command == "predict":
        x = matrix(args[0], args[1])
        forest.set_params(n_jobs=int(args[2]))
        start = time.perf_counter()
        probabilities = forest.predict_proba(x)
        seconds = time.perf_counter() - start
        probabilities.astype(np.float32).tofile(args[3])
        say(seconds)
    elif command == "arrays":
        for name, values in forest_arrays(forest).items():
            values.tofile(f"{args[0]}/{name}")
        say(0)
