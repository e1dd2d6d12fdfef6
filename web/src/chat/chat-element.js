import { LitElement, html } from "lit";
import { createSession } from "./create-session.js";
import { hearKey } from "./keys.js";
import { Menu } from "./menu.js";
import { Panel } from "./panel.js";
import { styles } from "./styles/index.js";
import { composer, status } from "./views/composer.js";
import { confirmation, header } from "./views/header.js";
import { log } from "./views/log.js";
import { fetchDefaults } from "../core/fetch.js";
import { en, knownLanguage, loadLabels } from "../labels/index.js";
import { clean } from "../loader/options.js";

/** @import { Session } from "../core/session.js" */
/** @import { Message, Options } from "../core/types.js" */
/** @import { CareerAdvisorElement } from "../loader/element.js" */
/** @import { Labels } from "../labels/en.js" */

/**
 * `<career-advisor-chat>`: the conversation, in a dialog of its own or as part of a page. It has no
 * root of its own: scripts of a page that look into one shadow root find the input.
 */
export class ChatElement extends LitElement {
  floating = true;
  /** Whether all is on screen that the server knows, so that what comes now is news. */
  settled = false;
  unread = 0;
  /** Whether the reasons for a thumb down are shown below it. */
  reasonsBelow = false;
  /** The id of the message that was copied last. */
  copied = "";
  /** @type {Labels} */
  labels = en;
  /** @type {HTMLElement | null} */
  launcher = null;
  /** @type {Options} */
  options = { server: "" };
  /** What the server says unless the page says otherwise. @type {Partial<Options> | null} */
  defaults = null;
  /** @type {Promise<void>} */
  ready = Promise.resolve();
  menu = new Menu(this);
  panel = new Panel(this);
  /** @type {Session} */
  session = createSession(this.options);
  #gone = new AbortController();
  #news = "";

  createRenderRoot() {
    return this;
  }

  /** @param {Options} options */
  configure(options) {
    const { server, sender } = this.options;
    this.options = options;
    if (!this.isConnected) return;
    if (server !== options.server) this.ready = this.#begin();
    else {
      this.session.options = options;
      void this.#label();
      if (sender !== options.sender) this.ready = this.#resume();
    }
  }

  async #begin() {
    this.session.leave();
    const session = createSession(this.options);
    this.session = session;
    session.addEventListener("change", () => this.requestUpdate());
    session.addEventListener("message", (event) => {
      this.#heard(/** @type {CustomEvent<Message>} */ (event).detail);
    });
    void fetchDefaults(session).then((defaults) => {
      this.defaults = clean(defaults);
      return this.#label();
    });
    await Promise.all([this.#label(), this.#resume()]);
  }

  /** Shows what the tab remembers at once; what the server adds comes when it comes. */
  async #resume() {
    if (!(await this.session.restore())) return;
    void this.session.catchUp().then(() => {
      this.settled = true;
      this.requestUpdate();
    });
  }

  async #label() {
    this.lang = knownLanguage(this.setting("lang") || document.documentElement.lang || "en");
    this.labels = { ...(await loadLabels(this.lang)), ...this.setting("labels") };
    this.requestUpdate();
  }

  connectedCallback() {
    super.connectedCallback();
    this.#gone = new AbortController();
    const { signal } = this.#gone;
    const on = (/** @type {string} */ name, /** @type {(event: any) => void} */ action) =>
      addEventListener(name, action, { signal });
    on("online", () => this.session.outbox.pump());
    on("pagehide", () => this.session.leave());
    on("pageshow", ({ persisted }) => persisted && this.#resume());
    const root = /** @type {ShadowRoot} */ (this.getRootNode());
    if (!root.adoptedStyleSheets.includes(styles)) root.adoptedStyleSheets.push(styles);
    this.panel.connect(root, signal);
    const { constructor } = root.host;
    /** @type {typeof CareerAdvisorElement} */ (constructor).hear = (event) => {
      if (event.type === "popstate") this.panel.back.popped(event);
      else hearKey(this, event);
    };
    // What was set meanwhile counts, and what the tab remembers is read again.
    this.ready = this.#begin();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#gone.abort();
    this.session.leave();
  }

  /** A setting: the page's word, else the server's. @template {keyof Options} K @param {K} name */
  setting(name) {
    return this.options[name] ?? this.defaults?.[name];
  }

  show({ focus = true } = {}) {
    this.panel.show(focus);
  }

  hide() {
    this.panel.hide();
  }

  /** @param {string} text */
  ask(text) {
    void this.session.ask(text);
  }

  erase() {
    return this.session.erase();
  }

  /** @param {string} selector */
  async focusOn(selector) {
    await this.updateComplete;
    const found = /** @type {HTMLElement | null} */ (this.renderRoot.querySelector(selector));
    found?.focus({ preventScroll: true });
  }

  /** @param {Message} message */
  #heard({ role, custom }) {
    const { kind, topics, roles, facts } = custom ?? {};
    this.tell("message", { role, kind, topics, roles, facts });
    if (role === "bot" && !this.panel.shown) {
      this.unread += 1;
      this.dispatchEvent(new Event("unread"));
    }
  }

  /**
   * Tells the page, in an event that goes up to the document.
   *
   * @param {string} name
   * @param {object} [detail]
   */
  tell(name, detail) {
    const how = { detail, bubbles: true, composed: true };
    this.dispatchEvent(new CustomEvent(`career-advisor:${name}`, how));
  }

  updated() {
    const { messages, busy } = this.session;
    const news = `${messages.length} ${busy}`;
    if (news !== this.#news) this.panel.scroll();
    this.#news = news;
  }

  render() {
    const inside = html`${header(this)}${log(this)}${confirmation(this)}${status(this)}${composer(
      this,
    )}`;
    return this.floating
      ? html`<dialog class="panel ${this.options.position ?? ""}" part="panel" aria-labelledby="title">${inside}</dialog>`
      : html`<section class="panel" part="panel" aria-labelledby="title">${inside}</section>`;
  }
}
