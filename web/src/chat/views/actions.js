import { html, nothing } from "lit";
import { copyText } from "../../core/transcript.js";
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
    <button
      type="button"
      class="round quiet"
      aria-label=${copied ? labels.copied : labels.copy}
      title=${labels.copy}
      @click=${() => chat.copy(message.id, copyText(message))}
    >
      ${copied ? icons.done : icons.copy}
    </button>
    ${message.rating === "up" || message.reason
      ? html`<span class="thanks">${labels.thanks}</span>`
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
  const give = () => {
    if (message.rating === rating) return;
    void chat.session.rate(message, rating);
    void chat.reveal(`[data-id="${CSS.escape(message.id)}"] .why`);
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
 * @param {ChatElement} chat
 * @param {Message} message
 */
function why(chat, message) {
  const name = (/** @type {string} */ reason) =>
    chat.labels[/** @type {"reason_other"} */ (`reason_${reason}`)];
  const give = (/** @type {string} */ reason) => {
    void chat.session.rate(message, "down", reason);
    void chat.focusOn(`[data-id="${CSS.escape(message.id)}"] [aria-pressed=true]`);
  };
  return html`<div class="why" role="group" aria-label=${chat.labels.why}>
    <p>${chat.labels.why}</p>
    ${REASONS.map(
      (reason) =>
        html`<button type="button" class="small" @click=${() => give(reason)}>
          ${name(reason)}
        </button>`,
    )}
  </div>`;
}
