import { axisFrom } from "../cube/axis.js";
import type { Cube } from "../cube/cube.js";
import { SpectraError } from "../cube/errors.js";
import type { Spectra } from "../cube/spectra.js";
import { openHdf5 } from "../hdf5/open.js";
export interface LayoutOptions { readonly dataset?: string; readonly axis?: string; readonly order?: string; readonly quantity?: "absorbance" | "transmittance"; readonly axisUnits?: string; readonly rows?: number; readonly cols?: number }
export interface CubeReader { readonly cube: Cube; readonly rowsPerBlock: number; read(row: number, rows: number, out?: Float32Array): Spectra<"absorbance">; labels(): Uint8Array | undefined; mask(): Uint8Array | undefined; patients?(): readonly string[] | undefined; close(): void }
export async function openCube(path: string, _layout: LayoutOptions = {}): Promise<CubeReader> {
  const file = await openHdf5(path);
  const info = file.info("/cube");
  const [rows, cols, bands] = info.shape;
  const axis = axisFrom(file.read("/wavenumbers") as Float64Array, path);
  const at = file.attributes("/") as Record<string, never>;
  const has = (name: string) => file.datasets().some((d) => d.path === name);
  const classNames = has("/labels") ? (file.attributes("/labels").class_names as string[]) : undefined;
  if (axis.wavenumbers.length !== bands) throw new SpectraError("axis", path, "bands");
  return {
    cube: { path, rows, cols, axis, storedQuantity: "absorbance", pixelSizeUm: at.pixel_size_um, mode: at.mode, patient: at.patient, core: at.core, slide: at.slide, origin: at.origin ?? "unknown", classNames },
    rowsPerBlock: Math.max(1, Math.floor((1 << 24) / (cols * bands * 4))),
    read(row, n, out = new Float32Array(n * cols * bands)) {
      file.readFloat32("/cube", [row, 0, 0], [n, cols, bands], out);
      if (axis.sourceOrder === "descending") for (let p = 0; p < n * cols; p++) out.subarray(p * bands, (p + 1) * bands).reverse();
      return { quantity: "absorbance", wavenumbers: axis.wavenumbers, bands, count: n * cols, values: out };
    },
    labels: () => (has("/labels") ? (file.read("/labels") as Uint8Array) : undefined),
    mask: () => undefined,
    close: () => file.close(),
  };
}
