"""PCA of the phantom by scikit-learn. Build the program, then run beside this file: python3 phantom.py"""

import json
import sys

import numpy as np
from sklearn.decomposition import PCA

sys.dont_write_bytecode = True
sys.path.insert(0, "../..")
from phantom_spectra import check_of, phantom_spectra  # noqa: E402

options = {"seed": 5, "patients": 6, "size": 160, "modes": "SD", "step": 11}
spectra, labels, _ = phantom_spectra(options, plane := "truth")
pca = PCA(20, svd_solver="full").fit(spectra.astype(float))
largest = np.abs(pca.components_).argmax(axis=1)
signs = np.sign(pca.components_[np.arange(20), largest])
json.dump({
    "options": options,
    "plane": plane,
    "check": check_of(spectra, labels),
    "mean": pca.mean_.tolist(),
    "variance": pca.explained_variance_.tolist(),
    "explained": pca.explained_variance_ratio_.tolist(),
    "loadings": (pca.components_ * signs[:, None]).round(10).tolist(),
}, open("phantom.golden.json", "w"))
