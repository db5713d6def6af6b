import escapeHtml, { type HtmlSafeString } from "escape-html-template-tag";

/**
 * A piece of SVG as a template: what is put in is escaped unless it is such a piece itself, or an array of them.
 */
// The package's types are read as CommonJS, where the function would be `default` of the import; at run time it is an ES module.
export const svg = escapeHtml as unknown as typeof escapeHtml.default;

export type Svg = HtmlSafeString;
