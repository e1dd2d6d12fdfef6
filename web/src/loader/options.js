/** @import { Options } from "../core/types.js" */

/** Attributes that frameworks and plug-ins put on any tag, and our own mark. */
const FOREIGN = /^(v(-|[A-F])|turbo|react|hx|cf|no[A-Z]|floating)/;

/** @type {(keyof Options)[]} */
const TEXTS = ["server", "accent", "accentDark", "title", "greeting", "lang", "sender", "token"];

/**
 * Reads a script tag's or an element's data attributes.
 *
 * @param {DOMStringMap} data
 * @returns {Partial<Options>}
 */
export function fromAttributes(data) {
  /** @type {Record<string, unknown>} */
  const options = {};
  for (const [name, value] of Object.entries(data)) {
    if (FOREIGN.test(name)) continue;
    if (name === "open" || name === "launcher") options[name] = value !== "false";
    else if (name === "metadata") options.metadata = json(value ?? "");
    else if (name === "suggestions") {
      const text = value ?? "";
      options.suggestions = text.trim().startsWith("[") ? json(text) : text.split("|");
    } else options[name] = value;
  }
  return clean(options);
}

/**
 * Keeps what is known and of the right type, and says in the console what is not.
 *
 * @param {Record<string, unknown>} given
 * @returns {Partial<Options>}
 */
export function clean(given) {
  /** @type {Record<string, unknown>} */
  const options = {};
  for (const [name, value] of Object.entries(given ?? {})) {
    if (value === undefined || value === null) continue;
    const result = CHECKS[name]?.(value);
    if (result === undefined) warn(`ignored ${name}: ${JSON.stringify(value)}`);
    else options[name] = result;
  }
  return options;
}

/** @type {Record<string, (value: any) => unknown>} */
const CHECKS = {
  position: (value) => /^(?:bottom-)?(left|right)$/.exec(value)?.[1],
  theme: (value) => (["auto", "light", "dark"].includes(value) ? value : undefined),
  open: Boolean,
  launcher: Boolean,
  suggestions: (value) => (Array.isArray(value) ? texts(value) : undefined),
  labels: (value) => (isRecord(value) ? value : undefined),
  metadata: (value) => (isRecord(value) ? value : undefined),
};
for (const name of TEXTS) {
  CHECKS[name] = (value) => (typeof value === "string" ? value.trim() : undefined);
}

/** The attributes that set something, for an element whose attributes change. */
export const ATTRIBUTES = Object.keys(CHECKS).map(
  (name) => `data-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
);

/** @param {unknown[]} list */
function texts(list) {
  return list.map((text) => String(text).trim()).filter(Boolean);
}

/** @param {unknown} value */
function isRecord(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * @param {string} text
 * @returns {unknown} the text itself where it is not JSON, which is then of the wrong type
 */
function json(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** @param {string} message */
export function warn(message) {
  console.warn(`Career Advisor: ${message}`);
}
