"""The spectra of the phantom that test/phantom-spectra.ts makes: simulated by the program itself, read with h5py."""

import subprocess
import tempfile
from pathlib import Path

import h5py
import numpy as np

PROGRAM = Path(__file__).resolve().parent.parent / "dist" / "cli" / "main.js"


def phantom_spectra(options, plane):
    """Spectra of the pixels that a plane of the cubes names, after two-point baseline and vector norm, as float32; their label values and the index of the patient of each."""
    with tempfile.TemporaryDirectory() as folder:
        flags = [f"--{name}={value}" for name, value in options.items()]
        subprocess.run(["node", PROGRAM, "simulate", "--out", folder, "--quiet", *flags], check=True)
        cubes = sorted(Path(folder).glob("*.h5"))
        parts = [spectra_of(path, plane) for path in cubes]
    spectra, labels = (np.concatenate(of) for of in zip(*parts))
    patient = np.repeat(np.arange(len(parts)), [len(of) for _, of in parts])
    return spectra, labels, patient


def spectra_of(path, plane):
    with h5py.File(path) as file:
        labels = file[plane][:].ravel()
        y = file["cube"][:].reshape(len(labels), -1)[labels > 0].astype(float)
        x = file["wavenumbers"][:]
    t = (x - x[0]) / (x[-1] - x[0])
    y = y - (y[:, :1] * (1 - t) + y[:, -1:] * t)
    return (y / np.linalg.norm(y, axis=1, keepdims=True)).astype(np.float32), labels[labels > 0]


def check_of(spectra, labels):
    """What tells a changed phantom from the rounding of another Node: how many spectra, and sums over them and their labels."""
    weights = 1 + np.arange(spectra.size) % 97
    return {"count": len(labels), "labels": int(labels.sum()), "sum": float(weights @ spectra.ravel().astype(float))}
