"""PCA by scikit-learn on smooth spectra made by a formula that the test repeats. Run beside this file: python3 pca.py"""

import json

import numpy as np
from sklearn.decomposition import PCA

rows, bands, components = 400, 60, 5
row = np.arange(rows)[:, None].astype(float)
band = np.arange(bands)[None, :].astype(float)
spectra = 0.2 + 0.002 * band
for i, (centre, width, height) in enumerate([(12, 5, 0.5), (25, 4, 0.3), (38, 6, 0.2), (50, 3, 0.12), (31, 9, 0.08)]):
    spectra = spectra + height * (1 + 0.4 * np.sin((1.7 + i) * row + i)) * np.exp(-(((band - centre) / width) ** 2))
spectra = (spectra + 1e-3 * np.sin(12.9898 * band + 78.233 * row + 0.017 * band * row)).astype(np.float32).astype(float)

fitted, held = spectra[:300], spectra[300:320]
pca = PCA(components, svd_solver="full").fit(fitted)
largest = np.abs(pca.components_).argmax(axis=1)
signs = np.sign(pca.components_[np.arange(components), largest])
scores = pca.transform(held) * signs
left = held - pca.inverse_transform(pca.transform(held))
others = PCA(svd_solver="full").fit(fitted).explained_variance_[components:]
json.dump({
    "check": float(spectra[17, 23]),
    "mean": pca.mean_.tolist(),
    "loadings": (pca.components_ * signs[:, None]).ravel().round(12).tolist(),
    "variance": pca.explained_variance_.tolist(),
    "explained": pca.explained_variance_ratio_.tolist(),
    "residual": [float((others**power).sum()) for power in (1, 2, 3)],
    "scores": scores.ravel().round(12).tolist(),
    "q": (left**2).sum(axis=1).tolist(),
    "t2": (scores**2 / pca.explained_variance_).sum(axis=1).tolist(),
    "quantiles": np.quantile((scores**2 / pca.explained_variance_).sum(axis=1), [0.9, 0.5]).tolist(),
}, open("pca.golden.json", "w"))
