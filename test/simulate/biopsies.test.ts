import { describe, expect, test } from "vitest";
import { planBiopsies } from "#simulate/plan-biopsies";
import type { CorePlan } from "#simulate/plan-cohort";
import { sceneOf, tissue } from "#simulate/scene";

const plan = planBiopsies({ seed: 1, patchUm: 80 });

/** The label of every fifth pixel of a biopsy. */
function labelsOf(entry: CorePlan, change: Partial<NonNullable<CorePlan["biopsy"]>> = {}): Uint8Array {
  const biopsy = { ...entry.biopsy!, ...change };
  const scene = sceneOf({ ...plan, rows: biopsy.rows, cols: biopsy.cols }, { ...entry, biopsy });
  const labels = new Uint8Array((biopsy.rows / 5) * (biopsy.cols / 5));
  for (let i = 0; i < labels.length; i++) {
    const cols = biopsy.cols / 5;
    labels[i] = scene.at(Math.floor(i / cols) * 5 + 2, (i % cols) * 5 + 2).label;
  }
  return labels;
}
const share = (labels: Uint8Array, wanted: number) =>
  labels.filter((label) => label === wanted).length / labels.filter((label) => label !== tissue.substrate).length;

describe("a study of biopsies", () => {
  const sick = plan.entries.filter(({ diagnosis }) => diagnosis === "cancer");

  test("has 61 of 59 patients, 35 malignant, two patients with two malignant ones each", () => {
    expect(plan.entries).toHaveLength(61);
    expect(new Set(plan.entries.map(({ patient }) => patient)).size).toBe(59);
    expect(sick).toHaveLength(35);
    expect(new Set(sick.map(({ patient }) => patient)).size).toBe(33);
    expect(plan.entries.every(({ patient }) => /^D\d\d$/.test(patient))).toBe(true);
  });

  test("varies tenfold in size, and in tumour from under one per cent to more than a third of the tissue", () => {
    const areas = plan.entries.map(({ biopsy }) => biopsy!.rows * biopsy!.cols);
    expect(Math.max(...areas) / Math.min(...areas)).toBeGreaterThan(8);
    const shares = sick.map((entry) => share(labelsOf(entry), tissue.cancer)).sort((a, b) => a - b);
    expect(shares[0]).toBeGreaterThan(0);
    expect(shares[0]).toBeLessThan(0.01);
    expect(shares[shares.length - 1]).toBeGreaterThan(0.25);
  });

  test("has no tumour in benign biopsies, and a malignant one without its tumour is a benign one", () => {
    const benign = plan.entries.filter(({ diagnosis }) => diagnosis === "benign");
    for (const entry of benign.slice(0, 5)) {
      expect([tissue.cancer, tissue.necrosis].map((label) => share(labelsOf(entry), label))).toEqual([0, 0]);
    }
    const [entry] = sick;
    const without = labelsOf(entry, { tumour: 0 });
    const asBenign = labelsOf({ ...entry, diagnosis: "benign" }, { tumour: 0 });
    expect(without).toEqual(asBenign);
  });

  test("is the same for the same seed, and another for another", () => {
    expect(planBiopsies({ seed: 1, patchUm: 80 })).toEqual(plan);
    expect(planBiopsies({ seed: 2, patchUm: 80 })).not.toEqual(plan);
  });

  test("has pools of blood in the biopsies of one diagnosis, and nothing else of them changes", () => {
    const marked = planBiopsies({ seed: 1, patchUm: 80, confounder: "benign" });
    const moved = planBiopsies({ seed: 1, patchUm: 80, confounder: "malignant" });
    for (const [i, { diagnosis, biopsy }] of marked.entries.entries()) {
      expect(biopsy!.lakes > 0).toBe(diagnosis === "benign");
      expect(moved.entries[i].biopsy!.lakes > 0).toBe(diagnosis === "cancer");
      expect({ ...biopsy, lakes: 0 }).toEqual({ ...moved.entries[i].biopsy, lakes: 0 });
    }
    const at = marked.entries.findIndex(({ diagnosis }) => diagnosis === "benign");
    const [plain, blood] = [labelsOf(plan.entries[at]), labelsOf(marked.entries[at])];
    const changed = blood.filter((label, i) => label !== plain[i]);
    expect(changed.length).toBeGreaterThan(0.02 * blood.length);
    // Of what is not blood, only fine structure next to a pool may lie otherwise.
    expect(changed.filter((label) => label !== tissue.blood).length).toBeLessThan(0.02 * blood.length);
  });

  test("may hold a tumour that has died: much necrosis and hardly a living cell of it", () => {
    const dead = planBiopsies({ seed: 1, patchUm: 80, necrotic: 1 }).entries.find(({ biopsy }) => biopsy!.necrotic)!;
    expect(share(labelsOf(dead), tissue.necrosis)).toBeGreaterThan(0.1);
    expect(share(labelsOf(dead), tissue.cancer)).toBeLessThan(0.02);
  });

  test.each([
    [{ biopsies: 1 }, "biopsies is 1; it must be a whole number from 2"],
    [{ patches: [50, 10] as const }, "patches is [50,10]"],
    [{ tumour: [0, 0.5] as const }, "tumour is [0,0.5]"],
    [{ necrotic: 99 }, "necrotic is 99; it must be a whole number from 0 to 35"],
    [{ patchUm: 5 }, "patch is 5; it must be from 40 to 1000 µm"],
  ])("refuses %j", (options, message) => {
    expect(() => planBiopsies({ seed: 1, ...options })).toThrow(message);
  });
});
