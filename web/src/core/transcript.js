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

/**
 * @typedef {object} Cited A source as it is shown: once, whatever number of its sections was used.
 * @property {string} title
 * @property {string | undefined} url where it can be read on the web
 * @property {string} sections
 * @property {string} published publisher, and edition or date
 * @property {string} outdated that it is out of date, or nothing
 * @property {string} publisher
 */

/** @param {Message} message @returns {Cited[]} */
export function cited({ custom }) {
  /** @type {Map<string, Cited>} */
  const found = new Map();
  for (const source of custom?.sources ?? []) {
    const { title, publisher = "", date, section, url, edition, outdated_from } = source;
    const published = [publisher, edition ?? readable(date)].filter(Boolean).join(" · ");
    const key = [title, published, url].join("\n");
    const known = found.get(key);
    if (known) known.sections = [known.sections, section].filter(Boolean).join(", ");
    else {
      found.set(key, {
        title,
        url: /^https?:\/\//i.test(url ?? "") ? url : undefined,
        sections: section ?? "",
        published,
        outdated: outdated_from ? `out of date since ${readable(outdated_from)}` : "",
        publisher,
      });
    }
  }
  return [...found.values()];
}

/** What licences ask to be said wherever their sources are used. @param {Message} message */
export function creditLines({ custom }) {
  const credits = (custom?.sources ?? []).map(({ credit }) => credit ?? "");
  return [...new Set(credits)].filter(Boolean);
}

/** What stands behind the title. @param {Cited} source */
export function details({ sections, published, outdated }) {
  const rest = [sections && `, ${sections}`, published && ` · ${published}`, outdated && ` (${outdated})`];
  return rest.filter(Boolean).join("");
}

/** @param {Message} message */
export function sourceLine(message) {
  const sources = cited(message).map((source) => source.title + details(source));
  const credits = creditLines(message);
  return [sources.join("; ") + (credits.length ? "." : ""), ...credits].join(" ");
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
