import { closeSync, openSync, readSync } from "node:fs";
import { basename } from "node:path";
import { SpectraError } from "../cube/errors.js";

const EXPORT = "export it from the instrument's program as HDF5, or convert it to a cube as docs/formats.md says";
const CONVERT = "convert it to a cube in HDF5 as docs/formats.md says";
const UNPACK = "unpack it first";

/** By the first bytes, each a letter, or by a text pattern. Sources: the formats' own documents, or what `file` knows. */
const byContent: readonly [begins: string | readonly string[] | RegExp, name: string, way: string][] = [
  ["MATLAB 5.0 MAT-file", "a MATLAB 5 file", "in MATLAB: save(file, '-v7.3', 'C', 'WN'), which writes HDF5"],
  [/^ENVI\s/, "an ENVI header", CONVERT],
  ["\n\n\xfe\xfe", "a Bruker OPUS file", EXPORT],
  ["\0rG", "an Agilent data file (.dat, .dmd, .seq)", EXPORT],
  ["\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an OLE2 document, such as Agilent's .dmt and .bsp", EXPORT],
  ["PEPE", "a PerkinElmer file", EXPORT],
  [/^Spectral (Data|Exte) File/, "a Thermo OMNIC file", EXPORT],
  ["WDF1", "a Renishaw WDF file", EXPORT],
  [/^WIT[_^](PRCT|PR06|DATA|DA06)/, "a WITec project", EXPORT],
  [/^\s*##TITLE\s*=/i, "a JCAMP-DX file", CONVERT],
  [["II*\0", "MM\0*", "II+\0", "MM\0+"], "a TIFF picture", CONVERT],
  [["CDF\x01", "CDF\x02", "CDF\x05"], "a netCDF 3 file", "write it as netCDF 4, which is HDF5: nccopy -k nc4 OLD NEW"],
  ["\x0e\x03\x13\x01", "an HDF4 file", "convert it to HDF5: h4toh5 OLD NEW"],
  ["\x93NUMPY", "a NumPy array", CONVERT],
  [["PK\x03\x04", "PK\x05\x06", "PK\x07\x08"], "a zip archive (or .npz)", UNPACK],
  ["\x1f\x8b", "compressed by gzip", `${UNPACK}: gunzip FILE`],
  ["\xfd7zXZ\0", "compressed by xz", `${UNPACK}: unxz FILE`],
  ["(\xb5/\xfd", "compressed by zstd", `${UNPACK}: unzstd FILE`],
  [/^BZh[1-9]/, "compressed by bzip2", `${UNPACK}: bunzip2 FILE`],
  ["7z\xbc\xaf'\x1c", "a 7-zip archive", UNPACK],
  ["version https://git-lfs", "a Git LFS pointer, not the file itself", "fetch it: git lfs pull"],
  [/^\s*(<!doctype html|<html)/i, "a web page, perhaps an error of the download", "download the file again"],
  [/^\s*<\?xml/i, "an XML document", CONVERT],
  ["\x89PNG", "a PNG picture", CONVERT],
  ["\xff\xd8\xff", "a JPEG picture", CONVERT],
  ["%PDF", "a PDF document", "name the measurement itself"],
  [["\\\x01\0\0", "\0\0\x01\\"], "a NIfTI picture", CONVERT],
  ["SIMPLE  =", "a FITS file", CONVERT],
  [/^\s*[[{]/, "a JSON document", "name the cube, not its description"],
];

/** By the name, where the bytes tell nothing. */
const byName: readonly [ends: RegExp, name: string, way: string][] = [
  [/\.mat$/i, "a MATLAB file of an old version", "in MATLAB: save(file, '-v7.3'), which writes HDF5"],
  [/\.(dat|img|raw|bsq|bil|bip)$/i, "the data of an ENVI or Agilent cube, perhaps", EXPORT],
  [/\.(dmt|dmd|drd|dms|seq|bsp)$/i, "an Agilent file", EXPORT],
  [/\.hdr$/i, "an ENVI header", CONVERT],
  [/\.(spa|spg|map)$/i, "a Thermo OMNIC file", EXPORT],
  [/\.(fsm|sp)$/i, "a PerkinElmer file", EXPORT],
  [/\.spc$/i, "a GRAMS SPC file", EXPORT],
  [/\.(jdx|dx|jcamp)$/i, "a JCAMP-DX file", CONVERT],
  [/\.\d{1,4}$/, "a Bruker OPUS file, perhaps", EXPORT],
  [/\.(npy|npz)$/i, "a NumPy array", CONVERT],
  [/\.(nii|nii\.gz)$/i, "a NIfTI picture", CONVERT],
];

/** What a file that is no HDF5 file is, by its content and then by its name, as an error with the way out. */
export function foreignFile(path: string): SpectraError {
  const head = headOf(path);
  const begins = (start: string | readonly string[] | RegExp) =>
    start instanceof RegExp ? start.test(head) : [start].flat().some((text) => head.startsWith(text));
  const [, name, way] =
    byContent.find(([start]) => begins(start)) ?? byName.find(([ends]) => ends.test(basename(path))) ?? [];
  if (name !== undefined) return new SpectraError("format", path, `${path} is ${name}, not an HDF5 file: ${way}`);
  if (head && !head.replaceAll("\0", "")) {
    return new SpectraError(
      "format",
      path,
      `${path} begins with zeros and is not an HDF5 file: copy it again from its source`,
    );
  }
  return new SpectraError("format", path, `${path} is not an HDF5 file`);
}

/** The first bytes, each a letter. */
function headOf(path: string): string {
  const bytes = Buffer.alloc(512);
  const descriptor = openSync(path, "r");
  try {
    return bytes.toString("latin1", 0, readSync(descriptor, bytes, 0, bytes.length, 0));
  } finally {
    closeSync(descriptor);
  }
}
