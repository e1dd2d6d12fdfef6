import { sendDraft } from "./input.js";

/** @import { ChatElement } from "./chat-element.js" */

const TYPED = ["keydown", "keypress", "keyup", "paste", "copy", "cut"];

/**
 * What is typed into the chat is the chat's: the shortcuts of the page, of which some look at the
 * keys before any element does, do not get it. Tab goes on to the page, which may keep the focus
 * in a dialog of its own, and so does Escape where the chat has nothing to close.
 *
 * @param {ChatElement} chat
 * @param {AbortSignal} signal
 */
export function keepKeys(chat, signal) {
  /** @param {Event} event */
  const keep = (event) => {
    const [target, ...around] = event.composedPath();
    if (!around.includes(chat)) return;
    const key = event instanceof KeyboardEvent && !event.isComposing ? event.key : "";
    if (key === "Tab") return;
    if (event.type === "keydown") {
      if (key === "Escape" && !chat.panel.dismiss()) return;
      const sends = key === "Enter" && !(/** @type {KeyboardEvent} */ (event).shiftKey);
      const written = sends && target instanceof HTMLTextAreaElement;
      if (written) sendDraft(chat);
      if (written || key === "Escape") event.preventDefault();
    }
    event.stopImmediatePropagation();
  };
  for (const type of TYPED) addEventListener(type, keep, { capture: true, signal });
}
