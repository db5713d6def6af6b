import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openCube } from "#read/open-cube";

const folder = mkdtempSync(join(tmpdir(), "foreign-"));

const byContent: [kind: string, begins: string, message: RegExp][] = [
  [
    "MATLAB 5",
    "MATLAB 5.0 MAT-file, Platform: GLNXA64",
    /MATLAB 5 file, not an HDF5 file: in MATLAB: save\(file, '-v7\.3'/,
  ],
  ["ENVI", "ENVI\r\nsamples = 10\n", /an ENVI header/],
  ["OPUS", "\n\n\xfe\xfe\0\0", /Bruker OPUS/],
  ["Agilent data", "\0rG\0", /Agilent data file/],
  ["Agilent .dmt", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", /Agilent's \.dmt/],
  ["PerkinElmer", "PEPE2D", /PerkinElmer/],
  ["OMNIC", "Spectral Data File\r\n", /OMNIC/],
  ["Renishaw", "WDF1\0\0", /Renishaw WDF/],
  ["JCAMP-DX", "\n##TITLE= polystyrene\n", /JCAMP-DX/],
  ["TIFF", "II*\0\x08", /TIFF/],
  ["netCDF 3", "CDF\x01\0\0", /netCDF 3 .*nccopy/],
  ["HDF4", "\x0e\x03\x13\x01", /HDF4 .*h4toh5/],
  ["NumPy", "\x93NUMPY\x01", /NumPy/],
  ["zip", "PK\x03\x04", /zip archive/],
  ["gzip", "\x1f\x8b\x08", /compressed by gzip.*gunzip/],
  ["xz", "\xfd7zXZ\0", /compressed by xz/],
  ["zstd", "(\xb5/\xfd", /compressed by zstd/],
  ["Git LFS", "version https://git-lfs.github.com/spec/v1\noid sha256:00", /Git LFS pointer.*git lfs pull/],
  ["web page", "\n<!DOCTYPE html><html>404", /web page.*download/],
  ["PDF", "%PDF-1.7", /PDF/],
  ["zeros", "\0\0\0\0", /begins with zeros/],
];

test.each(byContent)("a file of another kind is named by its content: %s", async (kind, begins, message) => {
  const path = join(folder, `${kind.replaceAll(" ", "-")}.h5`);
  writeFileSync(path, Buffer.concat([Buffer.from(begins, "latin1"), Buffer.alloc(2000)]));
  await expect(openCube(path)).rejects.toThrow(message);
});

test.each([
  ["old.mat", /a MATLAB file/],
  ["core.dmd", /an Agilent file/],
  ["tissue.0", /Bruker OPUS file, perhaps/],
  ["map.spc", /GRAMS SPC/],
])("and by its name where the bytes tell nothing: %s", async (name, message) => {
  writeFileSync(join(folder, name), Buffer.alloc(2000, 7));
  await expect(openCube(join(folder, name))).rejects.toThrow(message);
});

test("what is not known is said to be no HDF5 file", async () => {
  writeFileSync(join(folder, "thing.h5"), "these are not the spectra you are looking for");
  await expect(openCube(join(folder, "thing.h5"))).rejects.toThrow(/thing\.h5 is not an HDF5 file$/);
});
