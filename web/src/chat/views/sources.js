import { html, nothing } from "lit";
import { cited, creditLines, details, sourceLine } from "../../core/transcript.js";

/** @import { Cited } from "../../core/transcript.js" */
/** @import { Message } from "../../core/types.js" */
/** @import { ChatElement } from "../chat-element.js" */

/** What fits into two lines; longer ones are folded. */
const SHORT = 96;

/**
 * Where an answer is from. Addresses come from the server's knowledge base, never from what was
 * written.
 *
 * @param {ChatElement} chat
 * @param {Message} message
 */
export function sources({ labels }, message) {
  const list = cited(message);
  if (!list.length) return nothing;
  const credits = creditLines(message);
  const label = html`<span .textContent=${`${labels.source}: `}></span>`;
  if (list.length < 2 && sourceLine(message).length < SHORT) {
    return html`<p class="source">${label}${source(list[0])}</p>`;
  }
  const [first, ...others] = new Set(list.map(({ publisher, title }) => publisher || title));
  const names = list.length < 2 ? list[0].title : others.length ? `${first} + ${others.length}` : first;
  const old = list.find(({ outdated }) => outdated)?.outdated;
  return html`<details class="source">
    <summary>
      ${label}<span .textContent=${[names, old].filter(Boolean).join(" · ")}></span>
    </summary>
    <ul>
      ${list.map((each) => html`<li>${source(each)}</li>`)}
      ${credits.map((line) => html`<li .textContent=${line}></li>`)}
    </ul>
  </details>`;
}

/** @param {Cited} cited */
function source(cited) {
  const { title, url } = cited;
  const name = url
    ? html`<a href=${url} target="_blank" rel="noopener nofollow" .textContent=${title}></a>`
    : html`<span .textContent=${title}></span>`;
  return html`${name}<span .textContent=${details(cited)}></span>`;
}
