import { PHONE, focused, followKeyboard } from "./viewport.js";

/** @import { ChatElement } from "./chat-element.js" */

/** Opens, closes and scrolls the window that the conversation is in. */
export class Panel {
  shown = false;
  /** @type {HTMLElement | null} */
  #returnTo = null;
  #sheet = new CSSStyleSheet();
  #phone = matchMedia(PHONE);
  #release = () => {};

  /** @param {ChatElement} chat */
  constructor(chat) {
    this.chat = chat;
  }

  get #dialog() {
    return this.chat.renderRoot.querySelector("dialog");
  }

  /** @param {AbortSignal} signal */
  connect(signal) {
    this.chat.shadowRoot?.adoptedStyleSheets.push(this.#sheet);
    this.chat.addEventListener("keydown", (event) => this.#escape(event), { signal });
    this.#phone.addEventListener("change", () => this.#refit(), { signal });
    signal.addEventListener("abort", () => this.#release());
  }

  /** @param {boolean} focus whether the focus goes into the chat */
  async show(focus) {
    const { chat } = this;
    await chat.updateComplete;
    if (this.shown) return focus && this.#enter();
    this.shown = true;
    this.#returnTo = focused();
    this.#present();
    chat.unread = 0;
    chat.dispatchEvent(new Event("unread"));
    if (chat.floating) chat.session.remember({ open: true });
    chat.tell("open");
    this.scroll();
    if (focus) this.#enter();
  }

  hide() {
    const { chat } = this;
    const dialog = this.#dialog;
    if (!this.shown || !dialog) return;
    const inside = chat.matches(":focus-within") || dialog.matches(":modal");
    this.shown = false;
    this.#release();
    dialog.close();
    chat.session.remember({ open: false });
    chat.tell("close");
    const target = this.#returnTo?.isConnected ? this.#returnTo : chat.launcher;
    if (inside) target?.focus({ preventScroll: true });
  }

  /** On a phone nothing else can be reached while the chat covers it; elsewhere the page can. */
  #present() {
    const dialog = this.#dialog;
    if (!dialog) return;
    dialog.oncancel = (event) => {
      event.preventDefault();
      this.hide();
    };
    if (this.#phone.matches) {
      dialog.showModal();
      this.#release = followKeyboard(this.#sheet, () => this.scroll());
    } else dialog.setAttribute("open", "");
  }

  #refit() {
    const dialog = this.#dialog;
    if (!this.shown || !dialog) return;
    const within = focused();
    this.#release();
    dialog.close();
    this.#present();
    within?.focus({ preventScroll: true });
  }

  /** Where a finger types, the keyboard would hide the answers: it waits until it is wanted. */
  #enter() {
    const coarse = matchMedia("(pointer: coarse)").matches;
    void this.chat.focusOn(coarse ? "#title" : "textarea");
  }

  /** @param {KeyboardEvent} event */
  #escape(event) {
    if (event.key !== "Escape" || event.isComposing) return;
    if (!this.chat.menu.dismiss()) {
      if (!this.chat.floating) return;
      this.hide();
    }
    event.preventDefault();
    event.stopPropagation();
  }

  /** To the end, but never past the beginning of the last question. */
  scroll() {
    const place = this.chat.renderRoot.querySelector(".scroll");
    const questions = place?.querySelectorAll(".user");
    const last = /** @type {HTMLElement | undefined} */ (questions?.[questions.length - 1]);
    if (!place) return;
    const end = place.scrollHeight - place.clientHeight;
    place.scrollTop = Math.min(end, last ? last.offsetTop - 12 : end);
  }
}
