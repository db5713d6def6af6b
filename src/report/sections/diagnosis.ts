import { html } from "../html.js";
import type { Section } from "../page.js";

/** Where a diagnosis by patches stands when a run makes one. */
export function diagnosis(): Section {
  const content = html`<p class="missing">No patch-level diagnosis was part of this run.</p>`;
  return { id: "diagnosis", title: "Diagnosis", content };
}
