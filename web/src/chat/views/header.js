import { html, nothing } from "lit";
import { heading } from "../content.js";
import { icons } from "../icons.js";

/** @import { ChatElement } from "../chat-element.js" */

/** @param {ChatElement} chat */
export function header(chat) {
  const { labels, menu } = chat;
  return html`<div class="top">
    <span class="mark">${icons.mark}</span>
    <div class="names">
      <h2 id="title" tabindex="-1" .textContent=${heading(chat)}></h2>
      <p .textContent=${labels.subtitle}></p>
    </div>
    <button
      type="button"
      class="round"
      id="menu-button"
      aria-label=${labels.menu}
      title=${labels.menu}
      aria-expanded=${menu.open}
      aria-controls="menu"
      @click=${() => menu.toggle()}
    >
      ${icons.more}
    </button>
    ${chat.floating
      ? html`<button
          type="button"
          class="round"
          aria-label=${labels.close}
          title=${labels.close}
          @click=${() => chat.hide()}
        >
          ${icons.close}
        </button>`
      : nothing}
    <div id="menu" ?hidden=${!menu.open}>
      ${item(icons.restart, labels.startOver, () => menu.startOver())}
      ${item(icons.download, labels.download, () => menu.download())}
      ${item(icons.bin, labels.erase, () => menu.askToErase())}
      <a href="${chat.session.api.server}/sources" target="_blank" rel="noopener" @click=${() => menu.dismiss()}
        >${icons.book}<span .textContent=${labels.sources}></span
      ></a>
    </div>
  </div>`;
}

/**
 * @param {unknown} icon
 * @param {string} label
 * @param {() => void} action
 */
function item(icon, label, action) {
  return html`<button type="button" @click=${action}>${icon}<span .textContent=${label}></span></button>`;
}

/** @param {ChatElement} chat */
export function confirmation({ labels, menu }) {
  if (!menu.confirming) return nothing;
  return html`<div class="notice" role="group" aria-labelledby="erase-ask">
    <p id="erase-ask" .textContent=${labels.eraseAsk}></p>
    <div class="choices">
      <button
        type="button"
        class="small strong"
        id="erase-yes"
        .textContent=${labels.eraseYes}
        @click=${() => menu.erase()}
      ></button>
      <button type="button" class="small" .textContent=${labels.eraseNo} @click=${() => menu.dismiss()}></button>
    </div>
  </div>`;
}
