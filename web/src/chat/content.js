/** @import { Button, Message } from "../core/types.js" */
/** @import { ChatElement } from "./chat-element.js" */

/** @param {ChatElement} chat */
export function heading(chat) {
  return chat.setting("title") ?? chat.labels.title;
}

/**
 * What is on screen: the greeting and the conversation.
 *
 * @param {ChatElement} chat
 * @returns {Message[]}
 */
export function transcript(chat) {
  const text = chat.setting("greeting") ?? chat.labels.greeting;
  /** @type {Message[]} */
  const greeting = text && chat.defaults ? [{ id: "greeting", role: "bot", text }] : [];
  return [...greeting, ...chat.session.messages];
}

/**
 * The questions to choose from now: the last answer's, or those to start with.
 *
 * @param {ChatElement} chat
 * @returns {Button[]}
 */
export function choices(chat) {
  const last = chat.session.messages.at(-1);
  if (chat.session.busy || !chat.defaults || chat.session.status?.kind === "refused") return [];
  if (last) return (last.role === "bot" && last.buttons) || [];
  const texts = chat.setting("suggestions") ?? chat.labels.suggestions;
  return texts.map((text) => ({ title: text, payload: text }));
}
