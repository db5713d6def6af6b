import * as escaping from "escape-html-template-tag";

/** A piece of HTML whose interpolated values have been escaped. */
export type Html = escaping.HtmlSafeString;

type Tag = (parts: readonly string[], ...values: unknown[]) => Html;

// The package types its ES module as CommonJS, so that TypeScript sees the tag one level too deep.
const escaped = escaping.default as unknown as Tag;

/**
 * Build HTML from a template literal: every interpolated value is escaped unless it is HTML already, lists are strung together,
 * and what is missing prints nothing.
 */
export function html(parts: TemplateStringsArray, ...values: unknown[]): Html {
  return escaped(parts, ...values.map(shown));
}

function shown(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shown);
  return value ?? "";
}

/** Pass markup that this package made itself, such as a chart, without escaping it. */
export const safe = escaping.safe;

/** String pieces together; plain strings are escaped. */
export const join = escaping.join;
