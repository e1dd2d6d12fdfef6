import { randomId } from "./random.js";
import { isMessage } from "./state.js";

/** @import { Message } from "./types.js" */

/**
 * @param {Partial<Message>} reply as the server sends it
 * @returns {Message} without what comes with it, where that is not as agreed
 */
export function fromReply(reply) {
  /** @type {Message} */
  const message = {
    id: randomId(),
    role: "bot",
    text: reply.text ?? "",
    buttons: reply.buttons,
    custom: reply.custom,
    replyId: reply.id ?? null,
    time: new Date().toISOString(),
  };
  return isMessage(message)
    ? message
    : { ...message, text: String(message.text), buttons: [], custom: undefined, replyId: null };
}

/** @param {string | undefined} date */
function readable(date) {
  if (!/^\d{4}-\d\d-\d\d$/.test(date ?? "")) return date;
  const how = /** @type {const} */ ({ dateStyle: "long", timeZone: "UTC" });
  return new Date(String(date)).toLocaleDateString("en", how);
}

/** @param {Message} message */
export function sourceLine({ custom }) {
  return (custom?.sources ?? [])
    .map(({ title, publisher, date, section }) =>
      [[title, section].filter(Boolean).join(", "), publisher, readable(date)].filter(Boolean).join(" · "),
    )
    .join("; ");
}

const SOURCE_PARAGRAPH = /\n+[*_]{0,2}Sources?:[^\n]*$/i;

/**
 * The answer without its closing source paragraph, where the sources are shown separately.
 *
 * @param {Message} message
 */
export function body(message) {
  const text = message.text.trimEnd();
  return message.custom?.sources?.length ? text.replace(SOURCE_PARAGRAPH, "") : text;
}

/** @param {Message} message */
export function copyText(message) {
  const source = sourceLine(message);
  return source ? `${body(message)}\n\nSource: ${source}` : body(message);
}

const MARKUP = /[\\`*_{}[\]<>#|~]/g;

/**
 * The conversation as a Markdown document.
 *
 * @param {Message[]} messages
 * @param {{title: string, you: string, advisor: string, date: string}} words
 */
export function toMarkdown(messages, { title, you, advisor, date }) {
  const parts = messages.map((message) =>
    message.role === "bot"
      ? `**${advisor}:**\n\n${copyText(message)}`
      : `**${you}:** ${message.text.replace(MARKUP, "\\$&")}`,
  );
  return [`# ${title}`, date, ...parts].join("\n\n") + "\n";
}
