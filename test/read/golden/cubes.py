"""Cubes as h5py 3.7.0 writes them, whose bytes test/read/damaged-bytes.test.ts changes: 12 x 10 pixels, 117 bands, six classes.

python3 cubes.py   # needs numpy and h5py 3.7.0; writes gzip.h5 and latest.h5 beside itself
"""
from pathlib import Path

import h5py
import numpy as np

HERE = Path(__file__).parent
WAVENUMBERS = np.linspace(899.0, 1800.2, 117)
CLASS_NAMES = ["unlabelled", "cancer", "benign", "stroma", "inflammation", "blood", "necrosis"]
STORED = {"chunks": (4, 10, 117), "compression": "gzip", "shuffle": True}

band = lambda at, width: np.exp(-(((WAVENUMBERS - at) / width) ** 2))
spectrum = band(1655, 30) + 0.6 * band(1545, 28) + 0.3 * band(1240, 25)
thickness = 0.4 + 0.01 * np.arange(120).reshape(12, 10, 1)
noise = 0.002 * np.random.default_rng(1).standard_normal((12, 10, 117))
# In eight bits of mantissa less, so that the files are small.
CUBE = ((thickness * spectrum + noise).astype("f4").view("u4") & 0xFFFFFF00).view("f4")
LABELS = (1 + np.arange(120).reshape(12, 10) % 6).astype("u1")


def write(name, libver, whole):
    with h5py.File(HERE / name, "w", libver=libver) as f:
        # Kept open: its chunks are written behind all else.
        cube = f.create_dataset("cube", data=CUBE, **STORED)
        cube.attrs["quantity"] = "absorbance"
        f["wavenumbers"] = WAVENUMBERS
        if whole:
            f["wavenumbers"].attrs["units"] = "cm-1"
        f["labels"] = LABELS
        f["labels"].attrs["class_names"] = CLASS_NAMES
        if not whole:
            return
        f["mask"] = np.ones((12, 10), "u1")
        f.attrs.update({"patient": "P1"})
        f.attrs["pixel_size_um"] = 5.5
        f.attrs["mode"] = "SD"
        f.attrs["core"] = "C1"


write("gzip.h5", "earliest", True)
write("latest.h5", "latest", False)
