"""Golden for the guided filter: every window fitted by itself as a ridge regression, no running sums.

Run: /usr/bin/python3 test/stain/golden/guided.py  (numpy 1.24); writes guided.golden.json beside it.
"""

import json
import pathlib

import numpy as np

rng = np.random.default_rng(20130101)
rows, cols, size, radius, epsilon = 7, 9, 3, 2, 0.01
p = rng.dirichlet([1.0] * size, rows * cols).astype(np.float32).reshape(rows, cols, size)
guide = (20 + 10 * (np.arange(cols) > 4) + rng.normal(0, 1, (rows, cols))).astype(np.float32)
rejected = np.where(rng.random((rows, cols)) < 0.15, 5, 0)
kept = rejected == 0

values = np.sort(guide[kept])
low, high = (values[int(np.floor(q * (len(values) - 1) + 0.5))] for q in (0.01, 0.99))
image = (guide.astype(float) - float(low)) / (float(high) - float(low))


def window(r, c):
    found = np.zeros_like(kept)
    found[max(r - radius, 0) : r + radius + 1, max(c - radius, 0) : c + radius + 1] = True
    return found & kept


fits = {}
for r, c in zip(*np.nonzero(kept)):
    w = window(r, c)
    x = image[w]
    # min over a, b of sum((a x + b - y)^2 + epsilon a^2), the penalty once a pixel (equation 4 of the paper).
    design = np.column_stack([x, np.ones_like(x)])
    penalty = np.diag([epsilon * len(x), 0.0])
    fits[r, c] = np.linalg.solve(design.T @ design + penalty, design.T @ p[w].astype(float))

out = np.zeros((rows, cols, size))
for r, c in zip(*np.nonzero(kept)):
    a, b = np.mean([fits[k] for k in zip(*np.nonzero(window(r, c)))], axis=0)
    q = np.maximum(a * image[r, c] + b, 0)
    out[r, c] = q / q.sum()
out[~kept] = p[~kept]

golden = {
    "rows": rows,
    "cols": cols,
    "size": size,
    "radius": radius,
    "epsilon": epsilon,
    "guide": guide.ravel().tolist(),
    "rejected": rejected.ravel().tolist(),
    "probabilities": p.ravel().tolist(),
    "expected": out.ravel().tolist(),
}
pathlib.Path(__file__).with_name("guided.golden.json").write_text(json.dumps(golden))
