import { element, icon, sheet } from "./dom.js";
import { launcherLabels } from "./labels.js";
import { ATTRIBUTES } from "./options.js";
import styles from "./styles.js";
import { themeRule } from "./theme.js";
import { storeKey } from "../core/store-key.js";

/** @import { Options } from "../core/types.js" */
/** @import { ChatElement } from "../chat/chat-element.js" */
/** @import { Page } from "./page.js" */

const BUBBLE = "M4 5.5h16a1.5 1.5 0 0 1 1.5 1.5v9a1.5 1.5 0 0 1-1.5 1.5h-9L6 21v-3.5H4A1.5 1.5 0 0 1 2.5 16V7A1.5 1.5 0 0 1 4 5.5zM7.5 10h9M7.5 13.5h5.5";
const PHONE = "(max-width: 480px), (max-height: 440px)";

/** Loads the chat. Replaced when bundling by the file's hashed name. */
const CHAT = __CHAT_FILE__;

/**
 * `<career-advisor>`: a launcher button that brings the chat, or, put into a page by its owner,
 * the place where the chat appears. It sets itself up when it is put into a page, as often as it is.
 */
export class CareerAdvisorElement extends HTMLElement {
  static observedAttributes = ATTRIBUTES;
  /** Decides which element is the chat. @type {Page} */
  static page;
  /** The chat's ear for the keys and the Back button of the page. @param {Event} _event */
  static hear(_event) {}

  /** @type {Options} */
  #options = { server: "" };
  /** @type {Promise<ChatElement> | null} */
  #chat = null;
  #tries = 0;
  #theme = sheet("");
  #text = element("span", { class: "text" });
  #badge = element("span", { class: "badge", "aria-hidden": "true", hidden: "" });
  #note = element("div", { class: "note", role: "alert", hidden: "" });
  #button = element(
    "button",
    { type: "button", part: "launcher", class: "launcher", "aria-haspopup": "dialog", "aria-expanded": "false" },
    icon(BUBBLE),
    this.#text,
    this.#badge,
  );
  /** Waits until an element in the page comes near. @type {IntersectionObserver | undefined} */
  #watcher;

  get floating() {
    return this.hasAttribute("data-floating");
  }

  connectedCallback() {
    CareerAdvisorElement.page.connected(this);
  }

  disconnectedCallback() {
    this.#watcher?.disconnect();
    CareerAdvisorElement.page.disconnected(this);
  }

  attributeChangedCallback() {
    if (this.shadowRoot && this.isConnected) CareerAdvisorElement.page.configure({});
  }

  /**
   * Makes this element the chat of the page, open if it was or shall be at the start.
   *
   * @param {Options} options
   */
  start(options) {
    if (!this.shadowRoot) this.#build();
    this.configure(options);
    if (!this.floating) return this.#whenNear();
    this.#raise();
    const { page } = CareerAdvisorElement;
    const cover = matchMedia(PHONE).matches;
    if (options.open && !page.opened && !cover) void this.open({ focus: false });
    else if (this.#hasMore()) void this.#goOn(cover);
    page.opened = true;
  }

  /** @param {boolean} cover whether an open chat would cover the page */
  async #goOn(cover) {
    const chat = await this.chat().catch(() => null);
    if (chat?.session.state.open && !cover) chat.show({ focus: false });
  }

  /** Whether the tab may remember an open chat or an unsent message; the chat itself reads it. */
  #hasMore() {
    try {
      return /"(open|pending)":true/.test(String(sessionStorage.getItem(storeKey(this.#options.server))));
    } catch {
      return false;
    }
  }

  #build() {
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet(styles), this.#theme];
    root.append(this.#note);
    if (!this.floating) return;
    root.append(this.#button);
    this.#button.addEventListener("click", () => void this.open());
    for (const hint of ["pointerenter", "focus"]) {
      this.#button.addEventListener(hint, () => void this.#module().catch(() => {}));
    }
  }

  /**
   * Into the top layer, where no style of the page's root or body moves or covers it; unless the
   * page says by `z-index` what shall be above it.
   */
  #raise() {
    if (getComputedStyle(this).getPropertyValue("--career-advisor-layer")) return;
    this.popover = "manual";
    this.showPopover?.();
  }

  #whenNear() {
    this.#watcher = new IntersectionObserver(
      ([entry]) => {
        if (!entry.isIntersecting) return;
        this.#watcher?.disconnect();
        void this.open({ focus: false });
      },
      { rootMargin: "300px" },
    );
    this.#watcher.observe(this);
  }

  /** @param {Options} options */
  configure(options) {
    this.#options = options;
    for (const { classList } of [this.#button, this.#note]) {
      classList.toggle("left", options.position === "left");
    }
    // A page that is zoomed by style would push the chat off the screen.
    const zoom = this.floating && this.parentElement?.currentCSSZoom;
    this.#theme.replaceSync(themeRule(options) + (zoom ? `:host{zoom:${1 / zoom}}` : ""));
    this.#label();
    this.#expanded(this.#button.ariaExpanded === "true");
    void this.#chat?.then((chat) => chat.configure(options));
  }

  /** @returns {Promise<ChatElement | null>} null, and a note to the visitor, if it cannot load */
  async open({ focus = true } = {}) {
    this.#note.hidden = true;
    this.#button.ariaBusy = "true";
    const chat = await this.chat().catch(() => null);
    this.#button.ariaBusy = null;
    if (chat?.isConnected) {
      chat.show({ focus });
      return chat;
    }
    this.#note.textContent = this.#labels.loadFailed;
    this.#note.hidden = !this.isConnected;
    return null;
  }

  async close() {
    (await this.#chat)?.hide();
  }

  /** @returns {Promise<ChatElement>} */
  async chat() {
    this.#chat ??= this.#mount().catch((error) => {
      this.#chat = null;
      throw error;
    });
    const chat = await this.#chat;
    await chat.ready;
    return chat;
  }

  async #mount() {
    await this.#module();
    const chat = /** @type {ChatElement} */ (document.createElement("career-advisor-chat"));
    chat.floating = this.floating;
    chat.launcher = this.#button;
    chat.configure(this.#options);
    chat.addEventListener("career-advisor:open", () => this.#expanded(true));
    chat.addEventListener("career-advisor:close", () => this.#expanded(false));
    chat.addEventListener("unread", () => this.#label(chat.unread, chat.labels.unread));
    this.shadowRoot?.append(chat);
    return chat;
  }

  /** Where the chat's files are: beside the script, wherever the conversations go. */
  get #base() {
    return CareerAdvisorElement.page.src || `${this.#options.server}/`;
  }

  async #module() {
    const url = new URL(CHAT, this.#base).href;
    try {
      // After a failed try browsers remember the failure of a module by its address.
      await import(this.#tries ? `${url}?${this.#tries}` : url);
    } catch (error) {
      this.#tries += 1;
      await this.#explain(error);
      throw error;
    }
  }

  /** @param {unknown} error */
  async #explain(error) {
    const { origin } = new URL(this.#base);
    const reached =
      origin !== location.origin &&
      (await fetch(new URL("widget/config", this.#base), { mode: "no-cors" }).catch(() => null));
    const hint = reached ? ` to ${location.origin}: see ALLOWED_ORIGINS there and this page's CSP` : "";
    console.error(`Career Advisor: ${origin} did not deliver the chat${hint}.`, error);
  }

  /** @param {boolean} open */
  #expanded(open) {
    this.#button.ariaExpanded = String(open);
    this.#button.hidden = open || this.#options.launcher === false;
  }

  get #labels() {
    return launcherLabels(this.#options.lang, this.#options.labels);
  }

  #label(unread = 0, counted = "") {
    const { launcher } = this.#labels;
    this.#text.textContent = launcher;
    this.#badge.textContent = `${unread}`;
    this.#badge.hidden = !unread;
    this.#button.ariaLabel = unread ? `${launcher} (${counted.replace("{n}", `${unread}`)})` : launcher;
  }
}
