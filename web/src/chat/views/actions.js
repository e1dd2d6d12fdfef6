import { html, nothing } from "lit";
import { copy } from "../copy.js";
import { icons } from "../icons.js";

/** @import { Message } from "../../core/types.js" */
/** @import { ChatElement } from "../chat-element.js" */

const RATED = ["answer", "partial", "recommendation", "declined"];
const REASONS = ["wrong", "not_asked", "too_long", "outdated", "other"];

/**
 * Copy and ratings. They are no news, so a screen reader does not read them with the answer.
 *
 * @param {ChatElement} chat
 * @param {Message} message
 */
export function actions(chat, message) {
  if (!RATED.includes(message.custom?.kind ?? "")) return nothing;
  const { labels } = chat;
  const copied = chat.copied === message.id;
  return html`<div class="actions" aria-live="off">
    ${rate(chat, message, "up")} ${rate(chat, message, "down")}
    ${navigator.clipboard
      ? html`<button
          type="button"
          class="round quiet"
          aria-label=${copied ? labels.copied : labels.copy}
          title=${labels.copy}
          @click=${() => copy(chat, message)}
        >
          ${copied ? icons.done : icons.copy}
        </button>`
      : nothing}
    ${message.rating === "up" || message.reason
      ? html`<span class="thanks" .textContent=${labels.thanks}></span>`
      : nothing}
    ${message.rating === "down" && !message.reason ? why(chat, message) : nothing}
  </div>`;
}

/**
 * @param {ChatElement} chat
 * @param {Message} message
 * @param {"up" | "down"} rating
 */
function rate(chat, message, rating) {
  const { labels } = chat;
  const give = async (/** @type {MouseEvent} */ event) => {
    if (message.rating === rating) return;
    const thumb = /** @type {HTMLElement} */ (event.currentTarget);
    chat.reasonsBelow = false;
    await chat.panel.steady(thumb, () => void chat.session.rate(message, rating));
    const top = (/** @type {string} */ selector) =>
      chat.renderRoot.querySelector(selector)?.getBoundingClientRect().top ?? 0;
    chat.reasonsBelow = top(`${inMessage(message)} .why`) < top(".scroll");
    if (chat.reasonsBelow) await chat.panel.steady(thumb, () => chat.requestUpdate());
    // Without a pointer the reasons are what comes next.
    if (rating === "down" && !event.detail) void chat.focusOn(`${inMessage(message)} .why button`);
  };
  return html`<button
    type="button"
    class="round quiet"
    aria-label=${labels[rating]}
    title=${labels[rating]}
    aria-pressed=${message.rating === rating}
    @click=${give}
  >
    ${icons[rating]}
  </button>`;
}

/**
 * Why an answer was not helpful: above the thumbs, so that neither these nor the suggested
 * questions below move; below them where there is no room above.
 *
 * @param {ChatElement} chat
 * @param {Message} message
 */
function why(chat, message) {
  const name = (/** @type {string} */ reason) =>
    chat.labels[/** @type {"reason_other"} */ (`reason_${reason}`)];
  const give = (/** @type {string} */ reason) => {
    const selector = `${inMessage(message)} [aria-pressed=true]`;
    const thumb = chat.renderRoot.querySelector(selector);
    if (thumb) void chat.panel.steady(thumb, () => void chat.session.rate(message, "down", reason));
    void chat.focusOn(selector);
  };
  return html`<div class="why ${chat.reasonsBelow ? "below" : ""}" role="group" aria-label=${chat.labels.why}>
    <p .textContent=${chat.labels.why}></p>
    ${REASONS.map(
      (reason) =>
        html`<button
          type="button"
          class="small"
          .textContent=${name(reason)}
          @click=${() => give(reason)}
        ></button>`,
    )}
  </div>`;
}

/** @param {Message} message */
function inMessage({ id }) {
  return `[data-id="${CSS.escape(id)}"]`;
}
