"""The Python peer of the whole-cube bench: h5py + numpy + scikit-learn, float32, blocks of rows, both cores.

usage: whole-cube.py MODEL.h5 CUBE.h5 OUT.npy

Takes the components and the forest of a spectrastain model, so that both sides do the same work with the same model:
keep 900-1800 cm-1, two-point baseline, vector norm, projection, forest of the same size. The forest is a scikit-learn
RandomForestClassifier whose trees are rebuilt from the model's arrays, so that both sides must give the same classes.
Prints one JSON line: seconds without start-up, spectra/s.
"""
