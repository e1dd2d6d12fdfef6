import { BackButton } from "./back.js";
import { PHONE, focused, followKeyboard } from "./viewport.js";

/** @import { ChatElement } from "./chat-element.js" */

/** Opens, closes and scrolls the window that the conversation is in. */
export class Panel {
  shown = false;
  /** @type {HTMLElement | null} */
  #returnTo = null;
  #sheet = new CSSStyleSheet();
  #room = new CSSStyleSheet();
  #phone = matchMedia(PHONE);
  #release = () => {};
  back = new BackButton();

  /** @param {ChatElement} chat */
  constructor(chat) {
    this.chat = chat;
  }

  get #dialog() {
    return this.chat.renderRoot.querySelector("dialog");
  }

  /**
   * Sets it up for as long as the chat is in a page. Taken out of it the chat stays open in what
   * the tab remembers.
   *
   * @param {ShadowRoot} root
   * @param {AbortSignal} signal
   */
  connect(root, signal) {
    if (!root.adoptedStyleSheets.includes(this.#sheet)) root.adoptedStyleSheets.push(this.#sheet, this.#room);
    this.#phone.addEventListener("change", () => this.#refit(), { signal });
    signal.addEventListener("abort", () => {
      this.shown = false;
      this.#release();
      this.#dialog?.removeAttribute("open");
      this.chat.tell("close");
    });
  }

  /** @param {boolean} focus whether the focus goes into the chat */
  async show(focus) {
    const { chat } = this;
    await chat.updateComplete;
    if (!chat.isConnected) return;
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
    this.back.release();
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
      this.back.take(() => this.hide());
    } else dialog.setAttribute("open", "");
  }

  #refit() {
    const dialog = this.#dialog;
    if (!this.shown || !dialog) return;
    const within = focused();
    this.#release();
    if (!this.#phone.matches) this.back.release();
    dialog.close();
    this.#present();
    within?.focus({ preventScroll: true });
  }

  /** Where a finger types, the keyboard would hide the answers: it waits until it is wanted. */
  #enter() {
    const coarse = matchMedia("(pointer: coarse)").matches;
    void this.chat.focusOn(coarse ? "#title" : "textarea");
  }

  /** What Escape does. @returns {boolean} whether there was something to close */
  dismiss() {
    if (this.chat.menu.dismiss()) return true;
    if (this.chat.floating) this.hide();
    return this.chat.floating;
  }

  /**
   * Changes the conversation so that `anchor` stays where it is on the screen: what comes or goes
   * above it moves the rest, not what somebody points at.
   *
   * @param {Element} anchor
   * @param {() => void} change
   */
  async steady(anchor, change) {
    const place = this.chat.renderRoot.querySelector(".scroll");
    const { top } = anchor.getBoundingClientRect();
    change();
    await this.chat.updateComplete;
    if (!place || !anchor.isConnected) return;
    const moved = anchor.getBoundingClientRect().top - top;
    const end = place.lastElementChild?.getBoundingClientRect().bottom ?? 0;
    this.#spare(place.getBoundingClientRect().bottom + moved - end);
    place.scrollTop += moved;
  }

  /** Room below the conversation, where it is too short to be scrolled that far. @param {number} height */
  #spare(height) {
    this.#room.replaceSync(height > 0 ? `.scroll::after{content:"";display:block;height:${height}px}` : "");
  }

  /** To the end, but never past the beginning of the last question. */
  scroll() {
    const place = this.chat.renderRoot.querySelector(".scroll");
    const questions = place?.querySelectorAll(".user");
    const last = /** @type {HTMLElement | undefined} */ (questions?.[questions.length - 1]);
    if (!place) return;
    this.#spare(0);
    const end = place.scrollHeight - place.clientHeight;
    place.scrollTop = Math.min(end, last ? last.offsetTop - 12 : end);
  }
}
