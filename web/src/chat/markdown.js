import DOMPurify from "dompurify";
import { Marked } from "marked";

const ENTITIES = /** @type {Record<string, string>} */ ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" });
const escape = (/** @type {string} */ text) => text.replace(/[&<>]/g, (sign) => ENTITIES[sign]);

// HTML in the text is shown as it was written, pictures as their descriptions (nothing is ever
// fetched), headings as bold lines, since the page has an outline of its own.
const marked = new Marked({
  gfm: true,
  breaks: true,
  renderer: {
    html: ({ text }) => escape(text),
    image: ({ text }) => escape(text),
    heading({ tokens }) {
      return `<p><strong>${this.parser.parseInline(tokens)}</strong></p>`;
    },
  },
});

const RULES = {
  ALLOWED_TAGS: (
    "p br hr strong em del code pre blockquote ul ol li a table thead tbody tr th td"
  ).split(" "),
  ALLOWED_ATTR: ["href", "start"],
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:)/i,
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  RETURN_DOM_FRAGMENT: /** @type {const} */ (true),
};

// Characters that turn the direction of all that follows them.
const OVERRIDES = /[\u202a-\u202e\u2066-\u2069]/g;

/**
 * @param {string} text Markdown
 * @returns {HTMLElement}
 */
export function render(text) {
  const html = /** @type {string} */ (marked.parse(text.replace(OVERRIDES, "")));
  const place = document.createElement("div");
  place.className = "markdown";
  place.dir = "auto";
  place.append(DOMPurify.sanitize(html, RULES));
  place.querySelectorAll("a").forEach(secure);
  place.querySelectorAll("table").forEach(describe);
  return place;
}

/** @param {HTMLAnchorElement} link */
function secure(link) {
  if (!link.hasAttribute("href")) return link.replaceWith(...link.childNodes);
  link.target = "_blank";
  link.rel = "noopener noreferrer nofollow";
}

/**
 * Names the header cells of a table: the first row, and the first column where it is one.
 *
 * @param {HTMLTableElement} table
 */
function describe(table) {
  const heads = table.querySelectorAll("th");
  table.className = `columns-${heads.length}`;
  for (const head of heads) head.scope = "col";
  if (heads.length < 3 && heads[0]?.textContent?.trim()) return;
  if (!heads[0]?.textContent?.trim()) heads[0]?.replaceWith(document.createElement("td"));
  for (const row of table.querySelectorAll("tbody tr")) {
    const [first] = row.children;
    if (!first) continue;
    const head = document.createElement("th");
    head.scope = "row";
    head.append(...first.childNodes);
    first.replaceWith(head);
  }
}

/** @type {Map<string, {text: string, node: HTMLElement}>} */
const rendered = new Map();

/**
 * The same message gives the same node, so that it is parsed once.
 *
 * @param {string} id
 * @param {string} text
 */
export function renderOnce(id, text) {
  const known = rendered.get(id);
  if (known?.text === text) return known.node;
  const node = render(text);
  rendered.set(id, { text, node });
  return node;
}
