import { sendDraft } from "./input.js";

/** @import { ChatElement } from "./chat-element.js" */

/**
 * Gets an event of the page before the page does. What is typed into the chat is the chat's: the
 * shortcuts of the page, of which some look at the keys before any element does, do not get it. Tab
 * goes on to the page, which may keep the focus in a dialog of its own, and so does Escape where
 * the chat has nothing to close.
 *
 * @param {ChatElement} chat
 * @param {Event} event a key, or something copied or pasted
 */
export function hearKey(chat, event) {
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
}
