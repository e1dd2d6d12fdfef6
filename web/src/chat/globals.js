/** The names that Lit adds to the globals of a page. */
const LIT = [
  "litElementVersions",
  "litHtmlVersions",
  "litPropertyMetadata",
  "reactiveElementVersions",
];

const page = /** @type {Record<string, unknown>} */ (globalThis);
const added = LIT.filter((name) => !(name in page));

/** Takes back what loading Lit has added since: the globals are the page's. */
export function tidyGlobals() {
  for (const name of added) delete page[name];
}
