import { CareerAdvisorElement } from "./element.js";
import { clean, fromAttributes, warn } from "./options.js";
import { storeKey } from "../core/store-key.js";

/** @import { Options } from "../core/types.js" */

const NAME = "CareerAdvisor";
const TAG = "career-advisor";
const PHONE = "(max-width: 480px), (max-height: 440px)";

/** @returns {HTMLScriptElement | null} */
function ownScript() {
  const current = document.currentScript;
  if (current instanceof HTMLScriptElement) return current;
  return document.querySelector('script[src*="widget.js"]');
}

/** What the tab remembers: whether the chat was open or has something to send. */
function remembered(/** @type {string} */ server) {
  try {
    const { open, messages = [] } = JSON.parse(sessionStorage.getItem(storeKey(server)) ?? "{}");
    return {
      open: Boolean(open),
      pending: messages.some((/** @type {{pending?: boolean}} */ { pending }) => pending),
    };
  } catch {
    return { open: false, pending: false };
  }
}

function start() {
  const script = ownScript();
  const src = script?.src || location.href;
  /** @type {Options} */
  let options = { server: new URL(src).origin, ...fromAttributes(script?.dataset ?? {}) };

  /** @returns {CareerAdvisorElement} */
  function widget() {
    let element = /** @type {CareerAdvisorElement | null} */ (document.querySelector(TAG));
    if (!element) {
      element = /** @type {CareerAdvisorElement} */ (document.createElement(TAG));
      element.setAttribute("data-floating", "");
      document.body.append(element);
    }
    if (!element.base) {
      element.base = src;
      const { floating: _, position: __, ...own } = element.dataset;
      options = { ...options, ...fromAttributes(own) };
      element.configure(options);
    }
    return element;
  }

  /** @type {Promise<void>} */
  const pageThere = new Promise((resolve) => {
    if (document.body) resolve();
    else document.addEventListener("DOMContentLoaded", () => resolve());
  });
  const there = () => pageThere.then(widget);

  const api = {
    /** @param {Partial<Options>} more */
    configure(more) {
      options = { ...options, ...clean(more) };
      void there().then((element) => element.configure(options));
    },
    async open() {
      await (await there()).open();
    },
    async close() {
      await (await there()).close();
    },
    /** Opens the chat and asks. @param {string} question */
    async ask(question) {
      (await (await there()).open())?.ask(String(question));
    },
    /** Erases the visitor's conversation, here and on the server. */
    async erase() {
      await (await (await there()).chat()).erase();
    },
  };

  function appear() {
    const element = widget();
    const { open, pending } = remembered(options.server);
    const cover = element.floating && matchMedia(PHONE).matches;
    if (!element.floating) whenNear(element, () => void element.open({ focus: false }));
    else if (options.open || (open && !cover)) void element.open({ focus: false });
    else if (pending) void element.chat().catch(() => {});
  }

  customElements.define(TAG, CareerAdvisorElement);
  Object.defineProperty(window, NAME, { value: Object.freeze(api), enumerable: true });
  void pageThere.then(appear);
}

/**
 * @param {Element} element
 * @param {() => void} action
 */
function whenNear(element, action) {
  const watcher = new IntersectionObserver(
    ([entry]) => {
      if (!entry.isIntersecting) return;
      watcher.disconnect();
      action();
    },
    { rootMargin: "300px" },
  );
  watcher.observe(element);
}

if (NAME in window) warn("widget.js is on this page twice; the first one is used");
else start();
