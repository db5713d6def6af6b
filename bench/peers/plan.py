"""What numpy and scipy make of a pipeline up to its scores: one line in, the name of a pipeline; one line out, a JSON object.

First a line of JSON on stdin, {count, bands, components}, then the axis, the spectra, and for each pipeline the mean and the
loadings of its model; float64, float32, float64, float64.
"""
import base64
import json
import sys
import time

import numpy
import scipy
from scipy.signal import savgol_filter
from scipy.spatial import ConvexHull

stdin = sys.stdin.buffer
sizes = json.loads(stdin.readline())
count, bands, components, pipelines = (sizes[k] for k in ("count", "bands", "components", "pipelines"))
block = 4096


def read(shape, kind):
    return numpy.frombuffer(stdin.read(int(numpy.prod(shape)) * numpy.dtype(kind).itemsize), kind).reshape(shape)


axis = read((bands,), "<f8")
spectra = read((count, bands), "<f4")
models = {}
for name in pipelines:
    models[name] = (read((bands,), "<f8").astype("f4"), read((components, bands), "<f8").astype("f4"))
amide = (axis >= 1600) & (axis <= 1700)
amide = slice(amide.argmax(), len(axis) - amide[::-1].argmax())
ramp = ((axis - axis[0]) / (axis[-1] - axis[0])).astype("f4")


def kept(x):
    good = numpy.isfinite(x).all(1) & (x.max(1) <= 2.5) & (x.min(1) < x.max(1)) & (x[:, amide].mean(1) >= 0.05)
    return x if good.all() else x[good]


def vector(x):
    x /= numpy.sqrt(numpy.einsum("ij,ij->i", x, x))[:, None]
    return x


def rubberband(x):
    for i, y in enumerate(x):
        hull = ConvexHull(numpy.column_stack((axis, y))).vertices
        # The vertices go round against the clock: from the left end along the lower side.
        hull = numpy.roll(hull, -hull.argmin())
        hull = hull[: hull.argmax() + 1]
        x[i] = y - numpy.interp(axis, axis[hull], y[hull])
    return x


steps = {
    "digital-stain": lambda x: vector(x - (x[:, :1] * (1 - ramp) + x[:, -1:] * ramp)),
    "derivative": lambda x: vector(savgol_filter(vector(x.copy()), 13, 3, 2, axis[1] - axis[0])),
    "rubberband": lambda x: vector(rubberband(x.copy())),
}


def run(name, rows):
    mean, loadings = models[name]
    scores = []
    for start in range(0, rows, block):
        x = steps[name](kept(spectra[start : min(start + block, rows)]))
        x -= mean
        scores.append(x @ loadings.T)
    return numpy.concatenate(scores)


print(json.dumps(f"numpy {numpy.__version__}, scipy {scipy.__version__}"), flush=True)
for line in stdin:
    name, rows, wanted = json.loads(line)
    start = time.perf_counter()
    scores = run(name, rows)
    answer = {"microseconds": (time.perf_counter() - start) * 1e6 / rows}
    if wanted:
        answer["scores"] = base64.b64encode(scores.astype("<f4").tobytes()).decode()
    print(json.dumps(answer), flush=True)
