import { Lexer } from "marked";

/** @import { Token, Tokens } from "marked" */

/**
 * @param {string} name
 * @param {(Node | string)[]} children
 */
function element(name, children) {
  const made = document.createElement(name);
  made.append(...children);
  return made;
}

/** Elements that stand for the token of the same meaning, with its parts inside. */
const NAMES = /** @type {Record<string, string>} */ ({
  paragraph: "p",
  strong: "strong",
  em: "em",
  del: "del",
  blockquote: "blockquote",
  br: "br",
  hr: "hr",
});

/**
 * The nodes of some Markdown. No HTML is ever parsed: where the text holds some, it is shown as it
 * was written, pictures as their descriptions (nothing is fetched), headings as bold lines, since
 * the page has an outline of its own.
 *
 * @param {Token[]} [tokens]
 * @returns {(Node | string)[]}
 */
function nodes(tokens = []) {
  return tokens.flatMap((token) => {
    const inside = () => nodes("tokens" in token ? token.tokens : []);
    if (token.type in NAMES) return element(NAMES[token.type], inside());
    switch (token.type) {
      case "heading":
        return element("p", [element("strong", inside())]);
      case "codespan":
        return element("code", [token.text]);
      case "code":
        return element("pre", [element("code", [token.text])]);
      case "link":
        return link(token.href, inside());
      case "list":
        return list(/** @type {Tokens.List} */ (token));
      case "table":
        return table(/** @type {Tokens.Table} */ (token));
      case "space":
      case "def":
        return [];
      default:
        return "tokens" in token && token.type !== "image"
          ? inside()
          : String("text" in token ? token.text : token.raw);
    }
  });
}

/**
 * @param {string} target
 * @param {(Node | string)[]} inside
 */
function link(target, inside) {
  if (!/^(?:https?:|mailto:)/i.test(target)) return inside;
  const made = /** @type {HTMLAnchorElement} */ (element("a", inside));
  made.href = target;
  made.target = "_blank";
  made.rel = "noopener noreferrer nofollow";
  return made;
}

/** @param {Tokens.List} token */
function list({ ordered, start, items }) {
  const made = element(ordered ? "ol" : "ul", items.map(({ tokens }) => element("li", nodes(tokens))));
  if (ordered && start !== 1) made.setAttribute("start", String(start));
  return made;
}

/** @param {Tokens.Table} token */
function table({ header, rows }) {
  const row = (/** @type {Tokens.TableCell[]} */ cells, /** @type {string} */ name) =>
    element("tr", cells.map(({ tokens }) => element(name, nodes(tokens))));
  const made = element("table", [
    element("thead", [row(header, "th")]),
    element("tbody", rows.map((cells) => row(cells, "td"))),
  ]);
  describe(/** @type {HTMLTableElement} */ (made));
  return made;
}

// Characters that turn the direction of all that follows them.
const OVERRIDES = /[\u202a-\u202e\u2066-\u2069]/g;

/**
 * @param {string} text Markdown
 * @returns {HTMLElement}
 */
export function render(text) {
  const tokens = new Lexer({ gfm: true, breaks: true }).lex(text.replace(OVERRIDES, ""));
  const place = element("div", nodes(tokens));
  place.className = "markdown";
  place.dir = "auto";
  return place;
}

/**
 * Names the header cells of a table: the first row, and the first column where it is one.
 *
 * @param {HTMLTableElement} table
 */
function describe(table) {
  const heads = table.querySelectorAll("th");
  const named = heads[0]?.textContent?.trim();
  table.className = `columns-${heads.length} ${named ? "named" : ""}`;
  for (const head of heads) head.scope = "col";
  if (heads.length < 3 && named) return;
  const names = [...heads].map((head) => String(head.textContent));
  if (!named) heads[0]?.replaceWith(document.createElement("td"));
  for (const row of table.tBodies[0]?.rows ?? []) {
    const [first] = row.cells;
    if (!first) continue;
    const head = document.createElement("th");
    head.scope = "row";
    head.append(...first.childNodes);
    first.replaceWith(head);
    [...row.cells].forEach((cell, place) => (cell.dataset.label = names[place]));
  }
  // Many columns are stacked where there is little room, which would make them no table any more.
  for (const [selector, role] of Object.entries(ROLES)) {
    for (const part of [table, ...table.querySelectorAll(selector)]) if (part.matches(selector)) part.setAttribute("role", role);
  }
}

const ROLES = {
  table: "table",
  "thead, tbody": "rowgroup",
  tr: "row",
  td: "cell",
  "thead th": "columnheader",
  "tbody th": "rowheader",
};

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
