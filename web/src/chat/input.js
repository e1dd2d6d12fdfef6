/** @import { ChatElement } from "./chat-element.js" */

export const LONGEST = 1000;

/** Where a finger types, focusing the input would bring up the keyboard over the answer. */
const typesWithFinger = () => matchMedia("(pointer: coarse)").matches;

/** Characters as the server counts them. @param {string} text */
export function length(text) {
  return [...text].length;
}

/**
 * @param {ChatElement} chat
 * @param {InputEvent} event
 */
export function write(chat, { target }) {
  chat.session.state.draft = /** @type {HTMLTextAreaElement} */ (target).value;
  chat.requestUpdate();
}

/** @param {ChatElement} chat */
export function sendDraft(chat) {
  const { session } = chat;
  const text = session.state.draft.trim();
  if (!text || length(session.state.draft) > LONGEST || session.status?.kind === "refused") return;
  session.remember({ draft: "" });
  chat.ask(text);
  if (!typesWithFinger()) void chat.focusOn("textarea");
}

/**
 * The button chosen is gone then, and the focus would be with it.
 *
 * @param {ChatElement} chat
 * @param {string} title
 * @param {string} payload
 */
export function choose(chat, title, payload) {
  void chat.session.ask(title, payload);
  void chat.focusOn(typesWithFinger() ? ".scroll" : "textarea");
}
