import { clean, fromAttributes, warn } from "./options.js";

/** @import { Options } from "../core/types.js" */
/** @import { CareerAdvisorElement } from "./element.js" */

/**
 * Which `<career-advisor>` of the page is the chat, and with what settings. One that the page has
 * put somewhere comes first; without one the script's own launcher shows. Whenever one comes or
 * goes, or the whole `<body>` is another, that is settled anew.
 */
export class Page {
  /** The settings that code has made: they come before those of the tags. @type {Partial<Options>} */
  #code = {};
  /** The page's own elements, in the order in which they came. @type {Set<CareerAdvisorElement>} */
  #own = new Set();
  /** @type {CareerAdvisorElement | null} */
  #active = null;
  /** @type {CareerAdvisorElement | null} */
  #launcher = null;
  /** Whether the launcher shows where the page has no element of its own. */
  #wanted = false;
  /** @type {HTMLElement | null} */
  #body = null;
  /** Whether `open` was looked at: it is for the start only. */
  opened = false;

  /**
   * @param {HTMLScriptElement | undefined} script
   * @param {string} src
   */
  constructor(script, src) {
    this.script = script;
    this.src = src;
  }

  /**
   * The script ran once more: as a second tag, or in the new body of a page that was swapped.
   *
   * @param {HTMLScriptElement | undefined} script
   */
  again(script) {
    if (this.script?.isConnected) return warn("widget.js is on this page twice; the first one is used");
    this.script = script;
    this.settle();
    this.configure({});
  }

  /** @param {CareerAdvisorElement} element */
  connected(element) {
    if (element !== this.#launcher) this.#own.add(element);
    this.settle();
  }

  /** @param {CareerAdvisorElement} element */
  disconnected(element) {
    this.#own.delete(element);
    if (this.#active === element) this.#active = null;
    // Later, since what is removed is often put elsewhere at once.
    setTimeout(() => this.settle());
  }

  settle(wanted = false) {
    const [own] = this.#own;
    const { body, documentElement, readyState } = document;
    if (readyState !== "loading" && body !== this.#body) {
      this.#body = body;
      this.#wanted = !own;
    }
    this.#wanted ||= wanted;
    if (own) this.#launcher?.remove();
    else if (this.#wanted && !this.#launcher?.isConnected) {
      this.#launcher ??= /** @type {CareerAdvisorElement} */ (document.createElement("career-advisor"));
      this.#launcher.setAttribute("data-floating", "");
      // Beside the body, so that neither its replacement nor its style touches an open chat.
      documentElement.append(this.#launcher);
    }
    const next = own ?? (this.#launcher?.isConnected ? this.#launcher : null);
    if (next && next !== this.#active) {
      this.#active = next;
      next.start(this.options(next));
    }
  }

  /** The element that is the chat, a launcher if the page has none. */
  async element() {
    if (document.readyState === "loading") {
      await new Promise((resolve) => document.addEventListener("DOMContentLoaded", resolve));
    }
    this.settle(true);
    return /** @type {CareerAdvisorElement} */ (this.#active);
  }

  /** @param {Partial<Options>} more */
  configure(more) {
    this.#code = { ...this.#code, ...clean(more) };
    this.#active?.configure(this.options(this.#active));
  }

  /** @param {CareerAdvisorElement} element @returns {Options} */
  options(element) {
    return {
      server: this.src && new URL(this.src).origin,
      ...fromAttributes(this.script?.dataset ?? {}),
      ...fromAttributes(element.dataset),
      ...this.#code,
    };
  }
}
