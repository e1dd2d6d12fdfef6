import { body, sourceLine } from "../core/transcript.js";
import { render } from "./markdown.js";

/** @import { Message } from "../core/types.js" */
/** @import { ChatElement } from "./chat-element.js" */

/**
 * What is read as it is: lists with their signs, the cells of a table apart, links by their text.
 *
 * @param {HTMLElement} answer
 */
function readable(answer) {
  const copy = /** @type {HTMLElement} */ (answer.cloneNode(true));
  const each = (/** @type {string} */ selector, /** @type {(node: Element) => void} */ action) =>
    copy.querySelectorAll(selector).forEach(action);
  each("li", (item) => {
    const list = /** @type {HTMLElement} */ (item.parentElement);
    const number = /** @type {HTMLOListElement} */ (list).start + [...list.children].indexOf(item);
    const depth = "  ".repeat(list.closest("li") ? 1 : 0);
    item.prepend("\n", depth, list.matches("ol") ? `${number}. ` : "- ");
  });
  each("li > p", (text) => text.replaceWith(...text.childNodes));
  each("tr > * + *", (cell) => cell.prepend("\t"));
  each("br, tr", (line) => line.append("\n"));
  each("hr", (line) => line.append("---"));
  each("p, pre, table, blockquote, hr, .markdown > ul, .markdown > ol", (block) => {
    block.prepend("\n\n");
    block.append("\n\n");
  });
  return String(copy.textContent).replace(/\n{3,}/g, "\n\n").trim();
}

/**
 * Puts an answer on the clipboard, as text and for programs that take it as HTML.
 *
 * @param {ChatElement} chat
 * @param {Message} message
 */
export async function copy(chat, message) {
  const place = document.createElement("div");
  const answer = render(body(message));
  place.append(answer);
  const source = sourceLine(message);
  if (source) {
    const line = document.createElement("p");
    line.textContent = `${chat.labels.source}: ${source}`;
    answer.append(line);
  }
  const text = readable(place);
  const part = (/** @type {string} */ type, /** @type {string} */ content) => ({
    [type]: new Blob([content], { type }),
  });
  const { clipboard } = navigator;
  try {
    const parts = { ...part("text/plain", text), ...part("text/html", answer.innerHTML) };
    await clipboard.write([new ClipboardItem(parts)]).catch(() => clipboard.writeText(text));
  } catch {
    return;
  }
  chat.copied = message.id;
  chat.requestUpdate();
}
