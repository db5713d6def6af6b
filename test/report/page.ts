import { parseHTML } from "linkedom";

/** The page as a document, and the elements that say where they come from. */
export function parsed(page: string) {
  const { document } = parseHTML(page);
  // linkedom's types need those of a browser, which the tests are compiled without.
  const all = (selector: string): Element[] => [...document.querySelectorAll(selector)] as unknown as Element[];
  return { document, all, text: (selector: string) => all(selector).map((element) => element.textContent) };
}

/** The little of an element that the tests look at. */
export interface Element {
  textContent: string;
  readonly tagName: string;
  getAttribute(name: string): string | null;
  hasAttribute(name: string): boolean;
  querySelectorAll(selector: string): Iterable<Element>;
  cloneNode(deep: true): Element;
  remove(): void;
}

/** A printed number read back, and the number of its decimals. */
export function readNumber(printed: string): { value: number; decimals: number } {
  const plain = printed.replace(/[\u202f\u00a0%]/g, "").replace("\u2212", "-");
  return { value: Number(plain), decimals: plain.split(".")[1]?.length ?? 0 };
}
