import { html, nothing } from "lit";
import { fill } from "../../labels/index.js";
import { LONGEST, length, sendDraft, write } from "../input.js";
import { icons } from "../icons.js";

/** @import { ChatElement } from "../chat-element.js" */

/** @param {ChatElement} chat */
export function composer(chat) {
  const { labels, session } = chat;
  const { draft } = session.state;
  const count = length(draft);
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
      ? html`<p id="too-long" class="error" .textContent=${fill(labels.tooLong, { n: count, max: LONGEST })}></p>`
      : nothing}
  </form>`;

  /** @param {Event} event */
  function send(event) {
    event.preventDefault();
    sendDraft(chat);
  }
}

/** @param {ChatElement} chat */
export function status({ labels, session }) {
  const now = session.status;
  const waits = now && ["offline", "unreachable", "busy", "stuck"].includes(now.kind);
  return html`<div class="status ${now ? "shown" : ""}" role="status">
    ${now ? html`<p .textContent=${`${labels[now.kind]} ${now.detail ?? ""}`}></p>` : nothing}
    ${waits
      ? html`<button
          type="button"
          class="small"
          .textContent=${labels.retry}
          @click=${() => session.outbox.retry()}
        ></button>`
      : nothing}
  </div>`;
}
