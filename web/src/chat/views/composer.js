import { html, nothing } from "lit";
import { fill } from "../../labels/index.js";
import { submit, write } from "../input.js";
import { icons } from "../icons.js";

/** @import { ChatElement } from "../chat-element.js" */

export const LONGEST = 1000;

/** @param {ChatElement} chat */
export function composer(chat) {
  const { labels, session } = chat;
  const { draft } = session.state;
  const count = [...draft].length;
  const tooLong = count > LONGEST;
  const refused = session.status?.kind === "refused";
  return html`<form @submit=${send}>
    <div class="field">
      <textarea
        rows=${Math.min(4, draft.split("\n").length)}
        autocomplete="off"
        enterkeyhint="send"
        dir="auto"
        aria-label=${labels.placeholder}
        placeholder=${labels.placeholder}
        aria-invalid=${tooLong}
        aria-describedby=${tooLong ? "too-long" : nothing}
        .value=${draft}
        ?disabled=${refused}
        @input=${(/** @type {InputEvent} */ event) => write(chat, event)}
        @blur=${() => session.remember({})}
        @keydown=${keydown}
      ></textarea>
      <button
        type="submit"
        class="send"
        aria-label=${labels.send}
        title=${labels.send}
        ?disabled=${!draft.trim() || tooLong || refused}
      >
        ${icons.send}
      </button>
    </div>
    ${tooLong
      ? html`<p id="too-long" class="error">${fill(labels.tooLong, { n: count, max: LONGEST })}</p>`
      : nothing}
  </form>`;

  /** @param {Event} event */
  function send(event) {
    event.preventDefault();
    const text = session.state.draft.trim();
    if (text && !tooLong && !refused) submit(chat, text);
  }

  /** Enter sends, unless it ends the composing of a character. @param {KeyboardEvent} event */
  function keydown(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    send(event);
  }
}

/** @param {ChatElement} chat */
export function status({ labels, session }) {
  const now = session.status;
  const waits = now && ["offline", "unreachable", "busy"].includes(now.kind);
  return html`<div class="status ${now ? "shown" : ""}" role="status">
    ${now ? html`<p>${labels[now.kind]} ${now.detail ?? ""}</p>` : nothing}
    ${waits
      ? html`<button type="button" class="small" @click=${() => session.outbox.pump()}>
          ${labels.retry}
        </button>`
      : nothing}
  </div>`;
}
