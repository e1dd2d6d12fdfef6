import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { body } from "../../core/transcript.js";
import { choices, transcript } from "../content.js";
import { choose } from "../input.js";
import { renderOnce } from "../markdown.js";
import { actions } from "./actions.js";
import { sources } from "./sources.js";

/** @import { Message } from "../../core/types.js" */
/** @import { ChatElement } from "../chat-element.js" */

/** @param {ChatElement} chat */
export function log(chat) {
  const { labels, session } = chat;
  return html`<div class="scroll" tabindex="0" role="group" aria-label=${labels.conversation}>
    <div role="log" aria-label=${labels.conversation} aria-busy=${!chat.settled}>
      ${repeat(
        transcript(chat),
        ({ id }) => id,
        (message) => (message.role === "bot" ? answer(chat, message) : question(chat, message)),
      )}
    </div>
    ${session.busy
      ? html`<div class="typing" role="img" aria-label=${labels.typing}><i></i><i></i><i></i></div>`
      : nothing}
    ${quickReplies(chat)}
  </div>`;
}

/**
 * What the visitor wrote is not read out again: they know it.
 *
 * @param {ChatElement} chat
 * @param {Message} message
 */
function question({ labels, session }, message) {
  const late = message.pending && ["offline", "unreachable", "busy"].includes(session.status?.kind ?? "");
  return html`<div class="message user" aria-live="off" data-id=${message.id}>
    <span class="unseen" .textContent=${`${labels.you}: `}></span>
    <p class="bubble" dir="auto" .textContent=${message.text}></p>
    ${late
      ? html`<p class="waiting">
          <span .textContent=${labels.waiting}></span> ·
          <button
            type="button"
            class="link"
            .textContent=${labels.takeBack}
            @click=${() => session.takeBack(message)}
          ></button>
        </p>`
      : nothing}
  </div>`;
}

/**
 * @param {ChatElement} chat
 * @param {Message} message
 */
function answer(chat, message) {
  const lang = message.id === "greeting" ? chat.lang : "en";
  return html`<div class="message bot" data-id=${message.id} data-kind=${message.custom?.kind ?? ""}>
    <span class="unseen" .textContent=${`${chat.labels.advisor}: `}></span>
    <div class="bubble" lang=${lang}>
      ${renderOnce(message.id, body(message))} ${sources(chat, message)}
    </div>
    ${actions(chat, message)}
  </div>`;
}

/** @param {ChatElement} chat */
function quickReplies(chat) {
  const buttons = choices(chat);
  if (!buttons.length) return nothing;
  return html`<div class="choices" role="group" aria-label=${chat.labels.choices}>
    ${buttons.map(
      ({ title, payload }) =>
        html`<button
          type="button"
          class="choice"
          .textContent=${title}
          @click=${() => choose(chat, title, payload)}
        ></button>`,
    )}
  </div>`;
}
