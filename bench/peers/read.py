"""The Python peer of the reading bench: makes the file, and reads it with h5py by blocks of rows.

usage: read.py make FILE ROWS COLS BANDS contiguous|chunked|gzip
       read.py read FILE ROWS_PER_BLOCK
       read.py sum FILE ROWS_PER_BLOCK

`read` and `sum` print one JSON line: the seconds of reading all, without the start of Python, or the sum of all numbers; versions.
"""
import json
import sys
import time

import h5py
import numpy as np


def make(path, rows, cols, bands, kind):
    """Spectra of five bands and noise: compressible as measured ones are."""
    rng = np.random.default_rng(1)
    x = np.linspace(900, 1800, bands)
    shapes = np.stack([np.exp(-(((x - c) / w) ** 2)) for c, w in [(1655, 30), (1545, 30), (1240, 40), (1080, 40), (1450, 20)]])
    chunk = max(1, round(2**22 / (4 * cols * bands)))
    options = {
        "contiguous": {},
        "chunked": {"chunks": (chunk, cols, bands)},
        "gzip": {"chunks": (chunk, cols, bands), "compression": "gzip", "shuffle": True},
    }[kind]
    with h5py.File(path, "w") as file:
        cube = file.create_dataset("cube", (rows, cols, bands), "f4", **options)
        file["wavenumbers"] = x
        for row in range(0, rows, 16):
            amounts = rng.random((min(16, rows - row), cols, 5), dtype="f4")
            noise = rng.standard_normal((*amounts.shape[:2], bands), dtype="f4")
            cube[row : row + 16] = amounts @ (0.3 * shapes).astype("f4") + 0.002 * noise


def blocks(path, step):
    """The cube block of rows by block of rows, always into the same array."""
    with h5py.File(path) as file:
        cube = file["cube"]
        block = np.empty((step, *cube.shape[1:]), "f4")
        for row in range(0, cube.shape[0], step):
            end = min(row + step, cube.shape[0])
            cube.read_direct(block, np.s_[row:end], np.s_[: end - row])
            yield block[: end - row]


if sys.argv[1] == "make":
    make(sys.argv[2], *map(int, sys.argv[3:6]), sys.argv[6])
else:
    adding = sys.argv[1] == "sum"
    start = time.perf_counter()
    total = sum(float(block.sum(dtype="f8")) if adding else 0 for block in blocks(sys.argv[2], int(sys.argv[3])))
    answer = {"sum": total} if adding else {"seconds": time.perf_counter() - start}
    print(json.dumps({**answer, "versions": f"h5py {h5py.__version__}, HDF5 {h5py.version.hdf5_version}"}))
