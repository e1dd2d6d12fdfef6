import en from "./en.js";

/** @import { Labels } from "./en.js" */

/** @type {Record<string, () => Promise<{default: Labels}>>} */
const OTHERS = {
  de: () => import("./de.js"),
  es: () => import("./es.js"),
  fr: () => import("./fr.js"),
};

/** @param {string} lang */
export function knownLanguage(lang) {
  const base = lang.toLowerCase().split("-")[0];
  return base in OTHERS ? base : "en";
}

/**
 * @param {string} lang
 * @returns {Promise<Labels>}
 */
export async function loadLabels(lang) {
  const load = OTHERS[knownLanguage(lang)];
  return load ? (await load().catch(() => ({ default: en }))).default : en;
}

export { en };

/**
 * Fills the blanks of a label.
 *
 * @param {string} label
 * @param {Record<string, string | number>} values
 */
export function fill(label, values) {
  return label.replace(/\{(\w+)\}/g, (blank, name) => String(values[name] ?? blank));
}
