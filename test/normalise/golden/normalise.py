"""Golden values of the normalisations from numpy. Run: python3 normalise.py > normalise.golden.json"""
import json
import numpy as np

random = np.random.default_rng(7)
x = np.linspace(1450, 1800, 91)
y = np.array([
    k * np.exp(-(((x - 1652) / 30) ** 2)) + 0.4 * k * np.exp(-(((x - 1545) / 30) ** 2)) + 0.03 + random.normal(0, 3e-3, x.size)
    for k in (0.3, 0.5, 1.1)
]).astype(np.float32).astype(np.float64)
inside = (x >= 1600) & (x <= 1700)


def points(a):
    return np.round(a, 12).tolist()


column = (slice(None), np.newaxis)
golden = {
    "made": f"numpy {np.__version__}",
    "x": x.tolist(),
    "y": y.tolist(),
    "vector": points(y / np.linalg.norm(y, axis=1)[column]),
    "snv": {str(d): points((y - y.mean(1)[column]) / y.std(1, ddof=d)[column]) for d in (0, 1)},
    "min-max": points((y - y.min(1)[column]) / np.ptp(y, 1)[column]),
    "area": points(y / np.trapz(y, x)[column]),
    "amide-i-area": points(y / np.trapz(y[:, inside], x[inside])[column]),
    "amide-i-height": points(y / y[:, inside].max(1)[column]),
}
print(json.dumps(golden))
