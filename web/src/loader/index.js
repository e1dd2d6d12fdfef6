import { CareerAdvisorElement } from "./element.js";
import { warn } from "./options.js";
import { ownScript } from "./own-script.js";
import { Page } from "./page.js";

/** @import { Options } from "../core/types.js" */

const NAME = "CareerAdvisor";
const TAG = "career-advisor";

/**
 * @param {HTMLScriptElement | undefined} script
 * @param {string} src
 */
function start(script, src) {
  const page = new Page(script, src);
  const on = (/** @type {(element: CareerAdvisorElement, text: string) => Promise<unknown>} */ action) =>
    async (/** @type {string} */ text) => void (await action(await page.element(), String(text)));
  const api = {
    /** @param {Partial<Options>} more */
    configure: (more) => page.configure(more),
    open: on((element) => element.open()),
    close: on((element) => element.close()),
    /** Opens the chat and asks. */
    ask: on(async (element, question) => (await element.open())?.ask(question)),
    /** Erases the visitor's conversation, here and on the server. */
    erase: on(async (element) => (await element.chat()).erase()),
  };
  if (!src) warn("give data-server: this is not a widget.js that a server sent");
  CareerAdvisorElement.page = page;
  // Now, so that they come before those of the page's scripts that run later.
  for (const type of ["keydown", "keypress", "keyup", "paste", "copy", "cut", "popstate"]) {
    addEventListener(type, (event) => CareerAdvisorElement.hear(event), true);
  }
  customElements.define(TAG, CareerAdvisorElement);
  Object.defineProperty(window, NAME, { value: Object.freeze(api), enumerable: true });
  if (document.readyState !== "loading") page.settle();
  else document.addEventListener("DOMContentLoaded", () => page.settle());
}

const { script, src } = ownScript();
const known = /** @type {typeof CareerAdvisorElement | undefined} */ (customElements.get(TAG));
if (known) known.page?.again(script);
else start(script, src);
