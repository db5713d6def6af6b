"""Cubes as other programs write them, for the fuzz: shuffled and compressed, in the latest format, as MATLAB has it.

python3 seeds.py   # needs numpy and h5py; writes gzip-shuffle.h5, latest.h5 and matlab.h5 beside itself
"""
from pathlib import Path

import h5py
import numpy as np

HERE = Path(__file__).parent
ROWS, COLS = 6, 5
WAVENUMBERS = np.linspace(950.0, 1800.0, 35)
CLASS_NAMES = ["unlabelled", "cancer", "stroma"]


def cube():
    rng = np.random.default_rng(1)
    band = lambda at, width: np.exp(-(((WAVENUMBERS - at) / width) ** 2))
    shape = band(1655, 30) + 0.6 * band(1545, 28) + 0.3 * band(1240, 25)
    return (0.5 * shape + 0.003 * rng.standard_normal((ROWS, COLS, WAVENUMBERS.size))).astype("f4")


def labels():
    return (np.arange(ROWS * COLS).reshape(ROWS, COLS) % 3).astype("u1")


def write(name, libver, **storage):
    with h5py.File(HERE / name, "w", libver=libver) as f:
        f.attrs.update({"patient": "P1", "core": "C1", "mode": "SD", "pixel_size_um": 5.5})
        f.create_dataset("cube", data=cube(), **storage).attrs["quantity"] = "absorbance"
        f.create_dataset("wavenumbers", data=WAVENUMBERS).attrs["units"] = "cm-1"
        f.create_dataset("labels", data=labels(), chunks=(3, 5), maxshape=(None, 5)).attrs["class_names"] = CLASS_NAMES
        f.create_dataset("mask", data=np.ones((ROWS, COLS), "u1"))
        # More attributes than a header holds, so that the latest format keeps them in a heap.
        for i in range(12 if libver == "latest" else 1):
            f["cube"].attrs[f"note {i}"] = f"a remark of somebody, number {i}"


write("gzip-shuffle.h5", "earliest", chunks=(2, 5, 35), compression="gzip", shuffle=True)
write("latest.h5", "latest", chunks=(2, 5, 35), compression="gzip", shuffle=True)
with h5py.File(HERE / "matlab.h5", "w", userblock_size=512) as f:
    for name, data in [("C", cube().transpose(2, 1, 0).astype("f8")), ("WN", WAVENUMBERS.reshape(-1, 1))]:
        d = f.create_dataset(name, data=data, chunks=data.shape, compression="gzip")
        d.attrs["MATLAB_class"] = np.bytes_("double")
with open(HERE / "matlab.h5", "r+b") as f:
    f.write(b"MATLAB 7.3 MAT-file, Platform: GLNXA64".ljust(124) + b"\0\2IM")
