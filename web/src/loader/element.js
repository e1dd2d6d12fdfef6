import { element, icon, sheet } from "./dom.js";
import { launcherLabels } from "./labels.js";
import styles from "./styles.js";
import { themeRule } from "./theme.js";

/** @import { Options } from "../core/types.js" */
/** @import { ChatElement } from "../chat/chat-element.js" */

const BUBBLE = "M4 5.5h16a1.5 1.5 0 0 1 1.5 1.5v9a1.5 1.5 0 0 1-1.5 1.5h-9L6 21v-3.5H4A1.5 1.5 0 0 1 2.5 16V7A1.5 1.5 0 0 1 4 5.5zM7.5 10h9M7.5 13.5h5.5";

/** Loads the chat. Replaced when bundling by the file's hashed name. */
const CHAT = __CHAT_FILE__;

/**
 * `<career-advisor>`: a launcher button that brings the chat, or, put into a page by its owner,
 * the place where the chat appears.
 */
export class CareerAdvisorElement extends HTMLElement {
  /** @type {Options} */
  options = { server: "" };
  /** @type {string} */
  base = "";
  /** @type {Promise<ChatElement> | null} */
  #chat = null;
  #theme = sheet("");
  #text = element("span", { class: "text" });
  #badge = element("span", { class: "badge", "aria-hidden": "true", hidden: "" });
  #note = element("div", { role: "alert", hidden: "" });
  #button = element(
    "button",
    { type: "button", part: "launcher", "aria-haspopup": "dialog", "aria-expanded": "false" },
    icon(BUBBLE),
    this.#text,
    this.#badge,
  );

  get floating() {
    return this.hasAttribute("data-floating");
  }

  connectedCallback() {
    if (this.shadowRoot) return;
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

  /** @param {Options} options */
  configure(options) {
    this.options = options;
    this.setAttribute("data-position", options.position ?? "right");
    this.#theme.replaceSync(themeRule(options));
    this.#label();
    void this.#chat?.then((chat) => chat.configure(options));
  }

  /** @returns {Promise<ChatElement | null>} null, and a note to the visitor, if it cannot load */
  async open({ focus = true } = {}) {
    this.#note.hidden = true;
    this.#button.setAttribute("aria-busy", "true");
    const chat = await this.chat().catch(() => null);
    this.#button.removeAttribute("aria-busy");
    if (chat) chat.show({ focus });
    else {
      this.#note.textContent = this.#labels.loadFailed;
      this.#note.hidden = false;
    }
    return chat;
  }

  async close() {
    (await this.#chat)?.hide();
  }

  /** @returns {Promise<ChatElement>} */
  chat() {
    this.#chat ??= this.#mount().catch((error) => {
      this.#chat = null;
      throw error;
    });
    return this.#chat;
  }

  async #mount() {
    await this.#module();
    const chat = /** @type {ChatElement} */ (document.createElement("career-advisor-chat"));
    chat.floating = this.floating;
    chat.launcher = this.#button;
    chat.configure(this.options);
    chat.addEventListener("career-advisor:open", () => this.#expanded(true));
    chat.addEventListener("career-advisor:close", () => this.#expanded(false));
    chat.addEventListener("unread", () => this.#label(chat.unread));
    this.shadowRoot?.append(chat);
    await chat.ready;
    return chat;
  }

  async #module() {
    const url = new URL(CHAT, this.base).href;
    try {
      // After a failed try browsers remember the failure of a module by its address.
      await import(this.#tries ? `${url}?${this.#tries}` : url);
    } catch (error) {
      this.#tries += 1;
      await this.#explain(error);
      throw error;
    }
  }

  #tries = 0;

  /** @param {unknown} error */
  async #explain(error) {
    const { origin } = new URL(this.base);
    const reached =
      origin !== location.origin &&
      (await fetch(new URL("widget/config", this.base), { mode: "no-cors" }).catch(() => null));
    console.error(
      reached
        ? `Career Advisor: ${origin} did not deliver the chat to ${location.origin}. If this ` +
            "origin is not in ALLOWED_ORIGINS on the server, add exactly it; if it is, see the " +
            "page's Content-Security-Policy."
        : `Career Advisor: the chat could not be loaded from ${origin}.`,
      error,
    );
  }

  /** @param {boolean} open */
  #expanded(open) {
    this.#button.setAttribute("aria-expanded", String(open));
    this.#button.hidden = open;
  }

  get #labels() {
    return launcherLabels(this.options.lang, this.options.labels);
  }

  #label(unread = 0) {
    const labels = this.#labels;
    this.#text.textContent = labels.launcher;
    this.#badge.textContent = String(unread);
    this.#badge.hidden = !unread;
    const counted = labels.unread.replace("{n}", String(unread));
    this.#button.setAttribute("aria-label", unread ? `${labels.launcher} (${counted})` : labels.launcher);
  }
}
