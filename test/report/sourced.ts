import type { Findings } from "#cube/findings";
import { resolve } from "#report/evidence";
import { type Element, parsed, readNumber } from "./page.js";

/** What went wrong with the paths of a page: each must lead to a value that rounds to what is printed. */
export function disagreements(html: string, of: Findings): string[] {
  return parsed(html)
    .all("[data-finding]")
    .flatMap((element) => {
      const path = element.getAttribute("data-finding")!;
      const printed = element.textContent;
      const value = resolve(of, path);
      return agrees(element, printed, value, of)
        ? []
        : [`${path}: printed "${printed}", found ${JSON.stringify(value)}`];
    });
}

function agrees(element: Element, printed: string, value: unknown, of: Findings): boolean {
  if (element.hasAttribute("data-json")) return printed === JSON.stringify(value);
  if (element.hasAttribute("data-words")) return printed === String(value).replaceAll("-", " ");
  if (element.hasAttribute("data-start")) return printed.length >= 8 && String(value).startsWith(printed);
  if (typeof value === "string") return printed === value;
  if (typeof value !== "number") return false;
  const { value: shown, decimals } = readNumber(printed);
  if (element.hasAttribute("data-digits")) return shown === Number(value.toPrecision(6));
  const whole = element.hasAttribute("data-of") ? resolve(of, element.getAttribute("data-of")!) : undefined;
  const total = whole && Object.values(whole as Record<string, number>).reduce((sum, part) => sum + part, 0);
  const exact =
    typeof total === "number" ? (100 * value) / total : value * Number(element.getAttribute("data-scale") ?? 1);
  // Half a unit of the last place, and the last bit of the product.
  return Math.abs(shown - exact) <= 0.5 * 10 ** -decimals + 1e-9;
}

/** What is left of tables and captions when everything with a source and the numbers of figures are taken out. */
export function unsourced(html: string): string[] {
  return parsed(html)
    .all("td, tbody th, figcaption, caption, dd, .headline, .lead")
    .filter((element) => !element.textContent.includes("Area under") && element.tagName !== "CODE")
    .map((element) => {
      const copy = element.cloneNode(true);
      for (const known of copy.querySelectorAll(
        "[data-finding], [data-assignment], [data-key], [data-log], .number, code",
      ))
        known.remove();
      return copy.textContent.replace(/95\u00a0%|SHA-256|CO2/g, "").trim();
    })
    .filter((rest) => /\d/.test(rest));
}
